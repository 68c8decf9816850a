/** What was asked cannot be done, in words for the person who asked. */
export class Failure extends Error {}
