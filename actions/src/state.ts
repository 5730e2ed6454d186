/** The key under which the main step tells the post step which folder to remove. */
export const TEMPORARY_FOLDER_STATE = 'temporary-folder';
