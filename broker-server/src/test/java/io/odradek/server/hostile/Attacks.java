package io.odradek.server.hostile;

import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.DescribeGroupsRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.JoinGroupRequest;
import io.odradek.protocol.api.JoinGroupRequest.JoinGroupRequestProtocol;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataRequest.MetadataRequestTopic;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Attacks on the memory of a broker at full size, run by hand against one that stands in a process of its own. None of them
 * may end it, nor keep an honest client from its answer:
 *
 * <pre>java -cp TEST_CLASSPATH io.odradek.server.hostile.Attacks HOST:PORT NAME...</pre>
 *
 * <p>Names: {@code names} (a Metadata of 40 MB with 20 million empty names, and one of 16 MB), {@code fetches} (480 fetches
 * of 200 KB that wait for ever), {@code deaf} (200 connections with 100 Metadata each whose answers nobody reads),
 * {@code frames} (100 connections, each with a whole Produce of 1 MB again and again), {@code trust}
 * (100 connections that send a Produce of 10 MB and then the first bytes of another), {@code large} (one Produce of 100 MB), {@code repeats} (a topic of 500 partitions named 40,000 times in a Metadata, the
 * broker 20,000 times in a DescribeConfigs and a group of 900 KB 3,000 times in a DescribeGroups, each from 20 connections),
 * {@code joins} (60 JoinGroups of 15 MB in 60 groups), {@code sessions} (60 fetch sessions of 200,000 unknown partitions).
 * Prints how many connections were closed, and the longest time in which an honest client was answered. The memory that the
 * broker has reached is in {@code /proc/PID/status} ({@code VmHWM}).
 */
public final class Attacks {
    private static final short VERSION = 1;
    private static final int PARTITIONS = 500;
    private static final int NAMES = 20_000_000;

    private final InetSocketAddress address;
    private final List<RawClient> clients = new ArrayList<>();

    private Attacks(InetSocketAddress address) {
        this.address = address;
    }

    /** Runs the attacks that are named, one after the other. */
    public static void main(String[] arguments) throws Exception {
        String[] address = arguments[0].split(":");
        for (String name : Arrays.asList(arguments).subList(1, arguments.length)) {
            Attacks attacks = new Attacks(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
            attacks.createTopic();
            Thread attack = new Thread(() -> attacks.run(name));
            attack.start();
            long longestMs = 0;
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (attack.isAlive() || System.nanoTime() < endNs) {
                longestMs = Math.max(longestMs, attacks.askHonestly());
                TimeUnit.MILLISECONDS.sleep(20);
            }
            System.out.println(name + ": " + attacks.closed() + " of " + attacks.clients.size()
                    + " connections closed; an honest client was answered within " + longestMs + " ms");
            for (RawClient client : attacks.clients) {
                client.close();
            }
        }
    }

    private void createTopic() throws IOException {
        CreatableTopic topic = new CreatableTopic(HostileBed.TOPIC, PARTITIONS, (short) 1, List.of(), List.of());
        try (RawClient client = new RawClient(address)) {
            client.ask(new CreateTopicsRequest(List.of(topic), 30_000, false), 7, CreateTopicsResponse.class);
            client.ask(new FindCoordinatorRequest("large", (byte) 0, List.of()), 1, FindCoordinatorResponse.class);
        }
    }

    private void run(String name) {
        try {
            switch (name) {
                case "names" -> {
                    send(names(NAMES));
                    send(names(8_000_000));
                }
                case "fetches" -> repeat(480, fetch(), 1);
                case "deaf" -> repeat(200, frame(new MetadataRequest(null, false, false, false)), 100);
                case "frames" -> repeat(100, produce(1 << 20), 20);
                case "trust" -> repeat(100, twice(produce(10_000_000)), 1);
                case "large" -> send(produce(100_000_000));
                case "repeats" -> {
                    send(join("large", 900_000));
                    repeat(20, frame(topicRepeated(40_000)), 1);
                    repeat(20, frame(brokerRepeated(20_000)), 1);
                    repeat(20, frame(new DescribeGroupsRequest(Collections.nCopies(3_000, "large"), false)), 1);
                }
                case "joins" -> {
                    for (int i = 0; i < 60; i++) {
                        send(join("group-" + i, 15 << 20));
                    }
                }
                case "sessions" -> repeat(60, unknown(200_000), 1);
                default -> throw new IllegalArgumentException(name);
            }
        } catch (IOException refused) {
            System.out.println(name + ": " + refused.getMessage());
        }
    }

    private long askHonestly() throws IOException {
        long startNs = System.nanoTime();
        try (RawClient honest = new RawClient(address)) {
            honest.ask(new MetadataRequest(List.of(), false, false, false), 9, MetadataResponse.class);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }

    private void repeat(int connections, byte[] frame, int times) throws IOException {
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            RawClient client = new RawClient(address);
            clients.add(client);
            Thread sender = new Thread(() -> {
                try {
                    for (int j = 0; j < times; j++) {
                        client.send(frame);
                    }
                } catch (IOException closed) {
                    // Counted at the end.
                }
            });
            sender.setDaemon(true);
            sender.start();
            senders.add(sender);
        }
        for (Thread sender : senders) {
            try {
                sender.join(500);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void send(byte[] frame) throws IOException {
        repeat(1, frame, 1);
    }

    private long closed() throws IOException {
        long closed = 0;
        for (RawClient client : clients) {
            client.socket.setSoTimeout(1);
            byte[] taken = new byte[1 << 16];
            try {
                int read = 1;
                for (int i = 0; i < 100 && read > 0; i++) {
                    read = client.socket.getInputStream().read(taken);
                }
                closed += read < 0 ? 1 : 0;
            } catch (java.net.SocketTimeoutException open) {
                // Nobody has closed it.
            } catch (IOException reset) {
                closed++;
            }
        }
        return closed;
    }

    private static byte[] frame(ApiRequest request) {
        return RawClient.frame(request, VERSION, 77);
    }

    private static byte[] names(int count) {
        return frame(new MetadataRequest(
                Collections.nCopies(count, new MetadataRequestTopic(Uuid.ZERO, "")), false, false, false));
    }

    private static byte[] fetch() {
        List<FetchPartition> partitions = Collections.nCopies(6_000, SampleRequests.partition(0, 0, 1000));
        byte[] frame = RawClient.frame(
                SampleRequests.fetch(Uuid.ZERO, 0, -1, partitions.toArray(FetchPartition[]::new)), (short) 12, 77);
        int waitAt = frame.length;
        for (int i = 0; i < frame.length - 8 && waitAt == frame.length; i++) {
            if (ByteBuffer.wrap(frame).getLong(i) == (50L << 32 | 1)) {
                waitAt = i;
            }
        }
        ByteBuffer.wrap(frame).putInt(waitAt, Integer.MAX_VALUE).putInt(waitAt + 4, Integer.MAX_VALUE);
        return frame;
    }

    private static MetadataRequest topicRepeated(int times) {
        var topic = new MetadataRequestTopic(Uuid.ZERO, HostileBed.TOPIC);
        return new MetadataRequest(Collections.nCopies(times, topic), false, false, false);
    }

    private static DescribeConfigsRequest brokerRepeated(int times) {
        var broker = new DescribeConfigsResource((byte) 4, "0", null);
        return new DescribeConfigsRequest(Collections.nCopies(times, broker), true, false);
    }

    private static byte[] join(String group, int subscriptionBytes) {
        var protocol = new JoinGroupRequestProtocol("range", ByteBuffer.allocate(subscriptionBytes));
        return frame(new JoinGroupRequest(group, 60_000, 60_000, "", null, "consumer", List.of(protocol), null));
    }

    private static byte[] unknown(int partitions) {
        FetchPartition[] unknown = new FetchPartition[partitions];
        for (int i = 0; i < partitions; i++) {
            unknown[i] = SampleRequests.partition(1_000_000 + i, 0, 1000);
        }
        return RawClient.frame(SampleRequests.fetch(Uuid.ZERO, 0, 0, unknown), (short) 12, 77);
    }

    private static byte[] produce(int recordBytes) {
        BytesPayload records = new BytesPayload(ByteBuffer.allocate(recordBytes));
        return RawClient.frame(
                new ProduceRequest(
                        null,
                        (short) 1,
                        1_000,
                        List.of(new TopicProduceData(HostileBed.TOPIC, List.of(new PartitionProduceData(0, records))))),
                (short) 9,
                77);
    }

    private static byte[] twice(byte[] frame) {
        return Arrays.copyOf(
                ByteBuffer.allocate(frame.length + 100)
                        .put(frame)
                        .put(frame, 0, 100)
                        .array(),
                frame.length + 100);
    }
}
