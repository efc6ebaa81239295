package io.odradek.core.markers;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The way of markers to this broker's own partitions: plain calls. */
public final class LocalWay implements MarkerWay {
    private final MarkerWriter writer;

    /** @param writer writes to this broker's partitions */
    public LocalWay(MarkerWriter writer) {
        this.writer = writer;
    }

    @Override
    public void write(TopicPartition id, TransactionMarker marker, BooleanSupplier unwanted, Consumer<ErrorCode> done) {
        writer.write(id, marker, new MarkerWriter.Order() {
            @Override
            public boolean isUnwanted() {
                return unwanted.getAsBoolean();
            }

            @Override
            public void served() {
                // Nobody counts what a broker does of its own accord.
            }

            @Override
            public void ended(ErrorCode outcome) {
                done.accept(outcome);
            }
        });
    }
}
