package io.odradek.storage.io;

import io.odradek.protocol.wire.Payload;

/**
 * A run of whole or cut record batches in a log file, on its way to a socket. The file can be read while slices of it
 * may be in flight: a deleted segment's file is closed only after {@code file.delete.delay.ms}.
 *
 * @param file the file
 * @param position the first byte
 * @param sizeBytes how many bytes
 */
public record FileSlice(LogFile file, long position, int sizeBytes) implements Payload {}
