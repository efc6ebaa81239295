package io.odradek.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FetchSessionsTest {
    private static final short VERSION = 12;

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final FetchSessions sessions =
            new FetchSessions(new FetchSessionCache(2, world.clock(), world.newRandoms("ids")));

    /** As many as fit into 10 MB. If each were compared with each, it would take minutes. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void partitionsWhoseHashesAClientMadeToCollideAreToldApartInNoTime() {
        List<FetchTopic> topics = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            Uuid id = new Uuid(1, i);
            int partition = -31 * id.hashCode();
            topics.add(new FetchTopic("", id, List.of(new FetchPartition(partition, -1, 0, -1, -1, 1_000, Uuid.ZERO))));
            assertThat(new FetchTarget("", id, partition).hashCode()).isZero();
        }
        FetchRequest request = new FetchRequest(
                null, -1, new ReplicaState(-1, -1), 0, 0, 1_000, (byte) 0, 0, -1, topics, List.of(), "");
        assertThat(sessions.open(request, (short) 13, -1).wishes()).hasSize(200_000);
    }

    private static FetchRequest request(int session, int epoch, int... partitions) {
        List<FetchPartition> wanted = new ArrayList<>();
        for (int partition : partitions) {
            wanted.add(new FetchPartition(partition, -1, 0, -1, -1, 1_000, Uuid.ZERO));
        }
        List<FetchTopic> topics = wanted.isEmpty() ? List.of() : List.of(new FetchTopic("t", Uuid.ZERO, wanted));
        return new FetchRequest(
                null, -1, new ReplicaState(-1, -1), 0, 0, 1_000, (byte) 0, session, epoch, topics, List.of(), "");
    }

    private static PartitionData failed(int partition) {
        return PartitionResults.error(partition, ErrorCode.NOT_LEADER_OR_FOLLOWER, PartitionResults.Offsets.UNKNOWN);
    }

    @Test
    void anAnswerWithNothingInItLosesNoPartitionAndWhatItDidNotTellIsToldByTheNext() {
        FetchContext first = sessions.open(request(0, 0, 0), VERSION, -1);
        int session = first.respond(List.of(
                        PartitionResults.records(0, PartitionResults.Offsets.UNKNOWN, null, BytesPayload.EMPTY)))
                .sessionId();
        FetchResponse nothing =
                sessions.open(request(session, 1, 1), VERSION, -1).respondNothing();
        assertThat(nothing.sessionId()).isEqualTo(session);
        assertThat(nothing.responses()).isEmpty();

        FetchContext next = sessions.open(request(session, 2), VERSION, -1);

        assertThat(next.wishes()).extracting(wish -> wish.target().partition()).containsExactly(0, 1);
        assertThat(next.respond(List.of(failed(0), failed(1))).responses())
                .singleElement()
                .satisfies(topic -> assertThat(topic.partitions()).hasSize(2));
    }

    @Test
    void aFullFetchThatIsAnsweredWithNothingBeginsNoSession() {
        FetchResponse nothing = sessions.open(request(0, 0, 0), VERSION, -1).respondNothing();
        assertThat(nothing.sessionId()).isZero();
        assertThat(nothing.responses()).isEmpty();
    }

    @Test
    void theOrderOfTargetsAgreesWithTheirEquality() {
        List<FetchTarget> ascending = List.of(
                new FetchTarget("a", Uuid.ZERO, 0),
                new FetchTarget("a", Uuid.ZERO, 1),
                new FetchTarget("b", Uuid.ZERO, 0),
                new FetchTarget("", new Uuid(0, 1), 0),
                new FetchTarget("", new Uuid(0, 1), 7));
        for (int i = 0; i < ascending.size(); i++) {
            for (int j = 0; j < ascending.size(); j++) {
                assertThat(Integer.signum(ascending.get(i).compareTo(ascending.get(j))))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }
}
