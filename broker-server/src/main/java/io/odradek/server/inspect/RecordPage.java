package io.odradek.server.inspect;

import java.util.List;

/**
 * Records of a partition, and where it goes on.
 *
 * @param records the records, by offset, markers of transactions among them
 * @param nextOffset where to read on; at or beyond the span's end if there is nothing more now
 * @param span what the log spans
 */
public record RecordPage(List<StoredRecord> records, long nextOffset, StoredPartition.Span span) {}
