package io.odradek.server.tools.console;

import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.persisted.TransactionLogKeyCodec;
import io.odradek.protocol.persisted.TransactionLogValue;
import io.odradek.protocol.persisted.TransactionLogValueCodec;
import io.odradek.protocol.wire.WireReader;
import java.util.ArrayList;
import java.util.List;

/** The records of {@code __transaction_state}: where the transactions of each transactional id are. */
final class TransactionRecords implements InternalFormatter.Decoder {
    private static final long NONE = -1;

    @Override
    public boolean prints(short keyVersion) {
        return true;
    }

    @Override
    public JsonWriter key(WireReader in, short version) {
        return version != 0
                ? null
                : new JsonWriter()
                        .field(
                                "transactionalId",
                                TransactionLogKeyCodec.read(in, version).transactionalId());
    }

    @Override
    public JsonWriter value(WireReader in, short keyVersion, short version) {
        if (version < 0 || version > TransactionLogValueCodec.MAX_VERSION) {
            return null;
        }
        TransactionLogValue value = TransactionLogValueCodec.read(in, version);
        JsonWriter json = new JsonWriter()
                .field("producerId", value.producerId())
                .field("producerEpoch", value.producerEpoch())
                .field("transactionTimeoutMs", value.transactionTimeoutMs())
                .field("transactionStatus", value.transactionStatus());
        if (value.transactionPartitions() == null) {
            json.field("transactionPartitions", (JsonWriter) null);
        } else {
            List<JsonWriter> topics = new ArrayList<>();
            value.transactionPartitions()
                    .forEach(topic -> topics.add(
                            new JsonWriter().field("topic", topic.topic()).ints("partitionIds", topic.partitionIds())));
            json.objects("transactionPartitions", topics);
        }
        json.field("transactionLastUpdateTimestampMs", value.transactionLastUpdateTimestampMs())
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
        return value.nextProducerEpoch() == NONE ? json : json.field("nextProducerEpoch", value.nextProducerEpoch());
    }
}
