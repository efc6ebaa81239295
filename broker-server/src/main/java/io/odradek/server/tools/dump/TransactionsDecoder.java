package io.odradek.server.tools.dump;

import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.persisted.TransactionLogKey;
import io.odradek.protocol.persisted.TransactionLogKeyCodec;
import io.odradek.protocol.persisted.TransactionLogValue;
import io.odradek.protocol.persisted.TransactionLogValueCodec;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of {@code __transaction_state}: where the transactions of each transactional id are. The text is that of Kafka 3.9's
 * tool, which knows no tagged fields; in JSON there are those that a record has, under the names of Kafka 4's.
 */
final class TransactionsDecoder implements RecordDecoder {
    private static final long NONE = -1;
    private static final String[] STATES = {
        "Empty",
        "Ongoing",
        "PrepareCommit",
        "PrepareAbort",
        "CompleteCommit",
        "CompleteAbort",
        "Dead",
        "PrepareEpochFence"
    };

    @Override
    public String topic() {
        return "__transaction_state";
    }

    @Override
    public DecodedRecord decode(ByteBuffer key, ByteBuffer value) {
        if (key == null) {
            throw new MalformedMessageException("there is no key");
        }
        WireReader in = new WireReader(key);
        short keyVersion = in.readInt16();
        TransactionLogKey id = TransactionLogKeyCodec.read(in, keyVersion);
        String keyText = "transaction_metadata::transactionalId=" + id.transactionalId();
        JsonWriter keyJson =
                new JsonWriter().field("version", keyVersion).field("transactionalId", id.transactionalId());
        if (value == null) {
            return new DecodedRecord(keyText, DecodedRecord.DELETE, keyJson, null);
        }
        WireReader valueIn = new WireReader(value);
        short version = valueIn.readInt16();
        TransactionLogValue read = TransactionLogValueCodec.read(valueIn, version);
        return new DecodedRecord(keyText, text(read), keyJson, json(version, read));
    }

    private static String text(TransactionLogValue value) {
        return "producerId:" + value.producerId()
                + ",producerEpoch:" + value.producerEpoch()
                + ",state=" + state(value)
                + ",partitions=[" + String.join(",", partitions(value)) + "]"
                + ",txnLastUpdateTimestamp=" + value.transactionLastUpdateTimestampMs()
                + ",txnTimeoutMs=" + value.transactionTimeoutMs();
    }

    private static JsonWriter json(short version, TransactionLogValue value) {
        JsonWriter json = new JsonWriter()
                .field("version", version)
                .field("producerId", value.producerId())
                .field("producerEpoch", value.producerEpoch())
                .field("transactionTimeoutMs", value.transactionTimeoutMs())
                .field("transactionStatus", state(value))
                .strings("transactionPartitions", partitions(value))
                .field("transactionLastUpdateTimestampMs", value.transactionLastUpdateTimestampMs())
                .field("transactionStartTimestampMs", value.transactionStartTimestampMs());
        if (value.previousProducerId() != NONE) {
            json.field("previousProducerId", value.previousProducerId());
        }
        if (value.nextProducerId() != NONE) {
            json.field("nextProducerId", value.nextProducerId());
        }
        if (value.clientTransactionVersion() != 0) {
            json.field("clientTransactionVersion", value.clientTransactionVersion());
        }
        if (value.nextProducerEpoch() != NONE) {
            json.field("nextProducerEpoch", value.nextProducerEpoch());
        }
        return json;
    }

    private static String state(TransactionLogValue value) {
        int status = value.transactionStatus();
        return status >= 0 && status < STATES.length ? STATES[status] : Integer.toString(status);
    }

    private static List<String> partitions(TransactionLogValue value) {
        List<String> names = new ArrayList<>();
        if (value.transactionPartitions() != null) {
            for (TransactionLogValue.PartitionsSchema topic : value.transactionPartitions()) {
                for (int partition : topic.partitionIds()) {
                    names.add(topic.topic() + "-" + partition);
                }
            }
        }
        return names;
    }
}
