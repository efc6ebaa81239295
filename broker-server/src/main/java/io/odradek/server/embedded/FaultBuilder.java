package io.odradek.server.embedded;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.ErrorCode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Which requests a fault strikes, and then, by the last call, what it does to them, from when on it is set. Without
 * {@link #after} it strikes the first one, without {@link #times} every one.
 */
public final class FaultBuilder {
    private final Set<ApiKey> apis;
    private final BiFunction<FaultCondition, FaultAction, Fault> set;
    private String topic;
    private String clientId;
    private int partition = -1;
    private long after;
    private int times = Integer.MAX_VALUE;

    FaultBuilder(Set<ApiKey> apis, BiFunction<FaultCondition, FaultAction, Fault> set) {
        this.apis = apis.isEmpty() ? Set.of() : EnumSet.copyOf(apis);
        this.set = set;
    }

    /** Only requests that name this topic, be it by its identifier. */
    public FaultBuilder topic(String name) {
        topic = named("topic", name);
        return this;
    }

    /** Only requests that name this partition. */
    public FaultBuilder partition(String topicName, int number) {
        if (number < 0) {
            throw new IllegalArgumentException("There is no partition " + number);
        }
        partition = number;
        return topic(topicName);
    }

    /** Only requests of the client with this {@code client.id}. */
    public FaultBuilder clientId(String id) {
        clientId = named("client", id);
        return this;
    }

    /** Lets so many of these requests pass before it strikes. */
    public FaultBuilder after(long requests) {
        if (requests < 0) {
            throw new IllegalArgumentException("A fault strikes after 0 requests or more, not after " + requests);
        }
        after = requests;
        return this;
    }

    /** Strikes so many requests, and then no more. */
    public FaultBuilder times(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("A fault strikes 1 time or more, not " + number);
        }
        times = number;
        return this;
    }

    /**
     * Answers with this error, and does nothing of what was asked. What a Produce, a Fetch, a ListOffsets, an
     * OffsetForLeaderEpoch, a DeleteRecords or a DescribeProducers asks of other topics or partitions is served, as by a broker
     * that has lost one of its partitions; of other requests the whole is answered so. A Produce with {@code acks=0} has no answer: its connection is closed.
     */
    public Fault failWith(ErrorCode error) {
        if (error == ErrorCode.NONE) {
            throw new IllegalArgumentException("NONE is no error");
        }
        return set(new FaultAction.Fail(error));
    }

    /**
     * As {@link #failWith(ErrorCode)}, by Kafka's name of the error.
     *
     * @throws IllegalArgumentException if Kafka has no error of that name
     */
    public Fault failWith(String error) {
        try {
            return failWith(ErrorCode.valueOf(error));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(ErrorNames.refusal(error), unknown);
        }
    }

    /**
     * Serves it so much later, by the broker's clock: {@link EmbeddedBroker#advance} shortens the wait. What the client has sent
     * behind it on the same connection waits too.
     */
    public Fault delay(Duration delay) {
        if (delay.isNegative() || delay.isZero()) {
            throw new IllegalArgumentException("A request is delayed by more than nothing, not by " + delay);
        }
        return set(new FaultAction.Delay(Math.max(1, delay.toMillis())));
    }

    /**
     * Does what was asked and never answers. Nothing that the client asks later on the same connection is answered either, as
     * answers come in the order of requests, until it gives the request up after its {@code request.timeout.ms}, closes the
     * connection, and may ask again.
     */
    public Fault dropAnswer() {
        return set(new FaultAction.DropAnswer());
    }

    /** Closes the connection and does nothing of what was asked. */
    public Fault closeConnection() {
        return set(new FaultAction.CloseBefore());
    }

    /** Does what was asked and closes the connection instead of an answer: a client that asks again has it done twice. */
    public Fault closeAfter() {
        return set(new FaultAction.CloseAfter());
    }

    private Fault set(FaultAction action) {
        return set.apply(new FaultCondition(apis, topic, partition, clientId, after, times), action);
    }

    private static String named(String what, String name) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("The " + what + " has no name");
        }
        return name;
    }
}
