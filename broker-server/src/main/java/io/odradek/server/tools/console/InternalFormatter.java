package io.odradek.server.tools.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.WireReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MessageFormatter;

/** The records of a topic that brokers keep for themselves, in the JSON of Kafka 3.9's formatters. */
final class InternalFormatter implements MessageFormatter {
    /** Knows the records of one topic. */
    interface Decoder {
        /** {@return whether keys of that version are printed} */
        boolean prints(short keyVersion);

        /** {@return the fields of a key; null if its version is not known} */
        JsonWriter key(WireReader in, short version);

        /** {@return the fields of a value; null if its version is not known} */
        JsonWriter value(WireReader in, short keyVersion, short version);
    }

    private final Decoder decoder;

    InternalFormatter(Decoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public void writeTo(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
        if (record.key() == null) {
            throw new MalformedMessageException("there is no key");
        }
        WireReader in = new WireReader(ByteBuffer.wrap(record.key()));
        short keyVersion = in.readInt16();
        if (!decoder.prints(keyVersion)) {
            return;
        }
        JsonWriter json = new JsonWriter();
        add(json, "key", keyVersion, decoder.key(in, keyVersion));
        if (record.value() == null) {
            json.field("value", (JsonWriter) null);
        } else {
            WireReader valueIn = new WireReader(ByteBuffer.wrap(record.value()));
            short version = valueIn.readInt16();
            add(json, "value", version, decoder.value(valueIn, keyVersion, version));
        }
        byte[] text = json.text().getBytes(UTF_8);
        out.write(text, 0, text.length);
    }

    private static void add(JsonWriter json, String name, short version, JsonWriter fields) {
        JsonWriter versioned = new JsonWriter().field("version", version);
        json.field(name, fields == null ? versioned.field("data", "unknown") : versioned.field("data", fields));
    }
}
