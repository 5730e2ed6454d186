/** Where the project is published: step.yml must name it. Whoever publishes a fork changes it here and runs `npm run generate`. */
export const REPOSITORY_URL = 'https://github.com/fusegate/fusegate';
