/** Of the nice values of Linux, where each thread has its own: the main thread, which answers requests, goes first. Elsewhere the whole process would step back. */
export const NICENESS = 19;
