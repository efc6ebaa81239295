package io.odradek.core.markers;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One marker for one partition, on its way to another broker.
 *
 * @param id the partition
 * @param marker the marker
 * @param unwanted whether nobody waits for it any more
 * @param done what became of it
 */
record MarkerItem(TopicPartition id, TransactionMarker marker, BooleanSupplier unwanted, Consumer<ErrorCode> done) {}
