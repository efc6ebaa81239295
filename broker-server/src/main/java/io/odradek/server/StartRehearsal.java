package io.odradek.server;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.InitProducerIdRequest;
import io.odradek.protocol.api.ListOffsetsRequest;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.api.RequestHeaderCodec;
import io.odradek.protocol.record.BatchBuilder;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.protocol.wire.WireWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * Starts a broker as {@link BrokerMain} does, has it answer what a first producer and a first consumer ask, and ends: so that
 * the JVM sees the classes that a start needs, and can write them to an archive. {@code broker-start.sh} runs it once for each
 * build, with a folder and a port of its own. Arguments as those of {@link BrokerMain}; exit status 0 if all was answered.
 */
public final class StartRehearsal {
    private static final String TOPIC = "rehearsal";
    private static final int ANSWER_WITHIN_MS = 30_000;
    private static final int MOST_BYTES = 1 << 20;

    private final OutputStream out;
    private final DataInputStream in;
    private int correlationId;

    private StartRehearsal(Socket socket) throws IOException {
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
    }

    /** @param arguments see {@link CommandLine#USAGE} */
    public static void main(String[] arguments) throws IOException {
        CommandLine commandLine = CommandLine.read(arguments);
        Broker broker = BrokerMain.serve(BrokerConfig.of(commandLine.settings()), System.out);
        Endpoint endpoint = broker.advertised().values().iterator().next();
        int status = 0;
        try (Socket socket = new Socket(endpoint.host(), endpoint.port())) {
            socket.setSoTimeout(ANSWER_WITHIN_MS);
            new StartRehearsal(socket).play();
        } catch (IOException failure) {
            System.err.println("The broker did not answer: " + failure);
            status = 1;
        }
        System.exit(status);
    }

    private void play() throws IOException {
        ask(new ApiVersionsRequest("rehearsal", "1"), 5);
        MetadataRequest.MetadataRequestTopic topic = new MetadataRequest.MetadataRequestTopic(Uuid.ZERO, TOPIC);
        ask(new MetadataRequest(List.of(topic), true, false, false), 12);
        ask(new InitProducerIdRequest(null, Integer.MAX_VALUE, -1, (short) -1), 5);
        for (short acks = -1; acks < 2; acks += 2) {
            ask(produce(acks), 11);
        }
        ListOffsetsRequest.ListOffsetsPartition first = new ListOffsetsRequest.ListOffsetsPartition(0, -1, -2, 1);
        ask(
                new ListOffsetsRequest(
                        -1, (byte) 0, List.of(new ListOffsetsRequest.ListOffsetsTopic(TOPIC, List.of(first)))),
                9);
        ask(fetch(), 12);
        ask(new FindCoordinatorRequest(TOPIC, (byte) 0, List.of(TOPIC)), 4);
    }

    private static ProduceRequest produce(short acks) {
        ByteBuffer batch = new BatchBuilder(MOST_BYTES)
                .append(0, null, ByteBuffer.wrap(new byte[] {1}))
                .build();
        ProduceRequest.PartitionProduceData data = new ProduceRequest.PartitionProduceData(0, new BytesPayload(batch));
        return new ProduceRequest(
                null, acks, ANSWER_WITHIN_MS, List.of(new ProduceRequest.TopicProduceData(TOPIC, List.of(data))));
    }

    private static FetchRequest fetch() {
        FetchRequest.FetchPartition partition =
                new FetchRequest.FetchPartition(0, -1, 0, -1, -1, MOST_BYTES, Uuid.ZERO);
        FetchRequest.FetchTopic topic = new FetchRequest.FetchTopic(TOPIC, Uuid.ZERO, List.of(partition));
        return new FetchRequest(
                null,
                -1,
                new FetchRequest.ReplicaState(-1, -1),
                ANSWER_WITHIN_MS / 2,
                1,
                MOST_BYTES,
                (byte) 0,
                0,
                0,
                List.of(topic),
                List.of(),
                "");
    }

    /** Sends a request and reads its response, whatever it says. */
    private void ask(ApiRequest request, int version) throws IOException {
        ApiKey key = ApiCodecs.key(request);
        WireWriter writer = WireWriter.heap(256);
        RequestHeader header = new RequestHeader(key.key(), (short) version, correlationId++, TOPIC);
        RequestHeaderCodec.write(writer, header, ApiCodecs.requestHeaderVersion(key, (short) version));
        ApiCodecs.writeRequest(request, (short) version, writer);
        WritableByteChannel channel = Channels.newChannel(out);
        for (Payload part : writer.finish().parts()) {
            channel.write(((BytesPayload) part).buffer().duplicate());
        }
        in.readFully(new byte[in.readInt()]);
    }
}
