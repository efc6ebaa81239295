package io.odradek.server.tools.dump;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.record.ControlRecord;
import io.odradek.protocol.record.RecordBatch;
import io.odradek.protocol.record.RecordCursor;
import io.odradek.protocol.record.legacy.LegacyCursor;
import io.odradek.storage.log.AbortedTransaction;
import io.odradek.storage.producer.SnapshotEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Lines for people, with the names and the order of Kafka's tool, so that what was made for those reads these. */
final class TextOutput implements DumpOutput {
    private final LineWriter lines;
    private final DumpOptions options;
    private final RecordText text = new RecordText();
    private final StringBuilder line = new StringBuilder(512);
    private final StringBuilder values = new StringBuilder();

    TextOutput(LineWriter lines, DumpOptions options) {
        this.lines = lines;
        this.options = options;
    }

    @Override
    public void file(DumpedFile file) throws IOException {
        if (options.mode() == DumpOptions.Mode.VERIFY_INDEXES) {
            return;
        }
        lines.line("Dumping " + file.path());
        if (file.kind() == FileKind.LOG) {
            lines.line("Log starting offset: " + file.baseOffset());
        }
    }

    @Override
    public void batch(DumpedBatch batch) throws IOException {
        ByteBuffer buffer = batch.buffer();
        int at = batch.at();
        start();
        field("baseOffset", batch.baseOffset());
        field("lastOffset", batch.lastOffset());
        field("count", RecordBatch.recordCount(buffer, at));
        field("baseSequence", batch.baseSequence());
        field("lastSequence", RecordBatch.lastSequence(buffer, at));
        field("producerId", RecordBatch.producerId(buffer, at));
        field("producerEpoch", RecordBatch.producerEpoch(buffer, at));
        field("partitionLeaderEpoch", RecordBatch.leaderEpoch(buffer, at));
        field("isTransactional", RecordBatch.isTransactional(buffer, at));
        field("isControl", batch.isControl());
        optional("deleteHorizonMs", RecordBatch.hasDeleteHorizon(buffer, at), RecordBatch.baseTimestamp(buffer, at));
        field("position", batch.position());
        field(batch.timestampType(), RecordBatch.maxTimestamp(buffer, at));
        field("size", RecordBatch.sizeBytes(buffer, at));
        field("magic", RecordBatch.magic(buffer, at));
        field("compresscodec", batch.codec());
        field("crc", batch.crc());
        field("isvalid", batch.valid());
        end();
    }

    @Override
    public void message(DumpedBatch message) throws IOException {
        ByteBuffer buffer = message.buffer();
        int at = message.at();
        start();
        field("offset", message.lastOffset());
        field("position", message.position());
        field(message.timestampType(), RecordBatch.maxTimestamp(buffer, at));
        field("size", RecordBatch.sizeBytes(buffer, at));
        field("magic", RecordBatch.magic(buffer, at));
        field("compresscodec", message.codec());
        field("crc", message.crc());
        field("isvalid", message.valid());
        end();
    }

    @Override
    public void record(DumpedBatch message, LegacyCursor record, DecodedRecord decoded) throws IOException {
        start();
        line.append('|');
        if (!options.skipRecordMetadata()) {
            field("offset", record.offset());
            field(message.timestampType(), record.timestampMs());
            field("keySize", record.keySize());
            field("valueSize", record.valueSize());
            field("isValid", record.hasValidCrc());
            field("crc", record.crc());
        }
        endRecord(record.key(), record.value(), decoded);
    }

    @Override
    public void record(DumpedBatch batch, RecordCursor record, DecodedRecord decoded) throws IOException {
        startRecord(batch, record);
        endRecord(record.key(), record.value(), decoded);
    }

    private void endRecord(ByteBuffer key, ByteBuffer value, DecodedRecord decoded) throws IOException {
        if (decoded != null) {
            field("key", decoded.keyText());
            field("payload", decoded.valueText());
        } else if (withContents()) {
            bytes("key", key);
            bytes("payload", value);
        }
        end();
    }

    private boolean withContents() {
        return options.contents() == DumpOptions.Contents.KEYS_AND_VALUES;
    }

    @Override
    public void control(DumpedBatch batch, RecordCursor record, ControlRecord marker) throws IOException {
        startRecord(batch, record);
        if (marker == null) {
            field("controlType", record.buffer().getShort(record.keyPosition() + Short.BYTES));
        } else {
            field("endTxnMarker", marker.type().name());
            field("coordinatorEpoch", marker.coordinatorEpoch());
        }
        end();
    }

    private void startRecord(DumpedBatch batch, RecordCursor record) {
        start();
        line.append('|');
        if (options.skipRecordMetadata()) {
            return;
        }
        field("offset", record.offset());
        field(batch.timestampType(), record.timestampMs());
        field("keySize", record.keySize());
        field("valueSize", record.valueSize());
        field("sequence", batch.sequence(record.offsetDelta()));
        headers(record);
    }

    private void headers(RecordCursor record) {
        line.append(" headerKeys: [");
        values.setLength(0);
        String comma = "";
        while (record.nextHeader()) {
            text.append(line.append(comma), record.headerKey());
            text.append(values.append(comma), record.headerValue());
            comma = ",";
        }
        line.append(']');
        if (withContents() && record.headerCount() > 0) {
            line.append(" headerValues: [").append(values).append(']');
        }
    }

    @Override
    public void offsetIndexEntry(long offset, int position) throws IOException {
        start();
        field("offset", offset);
        field("position", position);
        end();
    }

    @Override
    public void timeIndexEntry(long timestampMs, long offset) throws IOException {
        start();
        field("timestamp", timestampMs);
        field("offset", offset);
        end();
    }

    @Override
    public void abortedTransaction(AbortedTransaction aborted) throws IOException {
        start();
        field("version", 0);
        field("producerId", aborted.producerId());
        field("firstOffset", aborted.firstOffset());
        field("lastOffset", aborted.lastOffset());
        field("lastStableOffset", aborted.lastStableOffset());
        end();
    }

    @Override
    public void producer(SnapshotEntry producer) throws IOException {
        start();
        field("producerId", producer.producerId());
        field("producerEpoch", producer.producerEpoch());
        field("coordinatorEpoch", producer.coordinatorEpoch());
        long transaction = producer.currentTransactionFirstOffset();
        optional("currentTxnFirstOffset", transaction >= 0, transaction);
        field("lastTimestamp", producer.timestampMs());
        if (producer.hasBatch()) {
            field("firstSequence", producer.firstSequence());
            field("lastSequence", producer.lastSequence());
            field("lastOffset", producer.lastOffset());
            field("offsetDelta", producer.offsetDelta());
            field("timestamp", producer.timestampMs());
        }
        end();
    }

    @Override
    public void leaderEpoch(int epoch, long startOffset) throws IOException {
        start();
        field("leaderEpoch", epoch);
        field("startOffset", startOffset);
        end();
    }

    @Override
    public void offset(TopicPartition partition, long offset) throws IOException {
        start();
        field("topic", partition.topic());
        field("partition", partition.partition());
        field("offset", offset);
        end();
    }

    @Override
    public void properties(String... namesAndValues) throws IOException {
        start();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                field(namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        end();
    }

    @Override
    public void passed(DumpedFile file) throws IOException {
        lines.line(file.path() + " passed sanity check.");
    }

    @Override
    public void note(Path path, String what) throws IOException {
        if (options.mode() == DumpOptions.Mode.SHOW) {
            lines.line("Note: " + path + ": " + what);
        }
    }

    @Override
    public void problem(Path path, long position, String what, String advice) throws IOException {
        lines.line("PROBLEM: " + path + (position < 0 ? "" : " at position " + position) + ": " + what + ". " + advice);
    }

    @Override
    public void flush() throws IOException {
        lines.flush();
    }

    private void start() {
        line.setLength(0);
    }

    private void end() throws IOException {
        lines.line(line);
    }

    private StringBuilder name(String name) {
        return line.append(line.length() == 0 ? "" : " ").append(name).append(": ");
    }

    private void field(String name, long value) {
        name(name).append(value);
    }

    private void field(String name, boolean value) {
        name(name).append(value);
    }

    private void field(String name, String value) {
        name(name).append(value);
    }

    private void optional(String name, boolean present, long value) {
        name(name).append(present ? "OptionalLong[" + value + "]" : "OptionalLong.empty");
    }

    private void bytes(String name, ByteBuffer value) {
        if (value != null) {
            text.append(name(name), value);
        }
    }
}
