/** Where the project is published: step.yml must name it. To publish a fork, change it here and run `npm run generate`. */
export const REPOSITORY_URL = 'https://github.com/fusegate/fusegate';
