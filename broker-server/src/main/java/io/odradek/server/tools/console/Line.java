package io.odradek.server.tools.console;

/**
 * One line of what is typed or piped in.
 *
 * @param number the first has 1
 * @param bytes as they came, without the line's end; null if there are more than are let through
 * @param sizeBytes how many there were
 */
record Line(long number, byte[] bytes, long sizeBytes) {}
