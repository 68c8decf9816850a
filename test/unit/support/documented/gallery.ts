/** One that is for sale. */
export const cottage = "cottage";
