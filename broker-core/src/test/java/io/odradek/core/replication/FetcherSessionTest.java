package io.odradek.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.replication.FetcherSession.Wanted;
import io.odradek.core.replication.FetcherSettings.Bounds;
import io.odradek.core.replication.FetcherSettings.Timing;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FetcherSessionTest {
    private static final Uuid TOPIC_ID = new Uuid(1, 1);
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);

    private final FetcherSession session = new FetcherSession(
            new FetcherSettings(2, "PLAINTEXT", 1, new Timing(500, 1_000, 30_000, 30_000), new Bounds(1, 100, 10, -1)));
    private final SortedMap<TopicPartition, Wanted> wanted = new TreeMap<>();

    private static Wanted from(long offset) {
        return new Wanted(TOPIC_ID, 5, 0, offset, 4);
    }

    private static FetchResponse answer(int sessionId) {
        return new FetchResponse(ErrorCode.NONE, sessionId, List.of(), List.of());
    }

    private static List<Integer> named(FetchRequest request) {
        List<Integer> partitions = new ArrayList<>();
        request.topics().forEach(topic -> topic.partitions().forEach(one -> partitions.add(one.partition())));
        return partitions;
    }

    @Test
    void theFirstFetchNamesAllAndTheNextOnesWhatHasChanged() {
        wanted.put(FIRST, from(10));
        wanted.put(SECOND, from(20));
        FetchRequest first = session.next(wanted, 77);
        assertThat(first.sessionId()).isZero();
        assertThat(first.sessionEpoch()).isZero();
        assertThat(first.replicaState()).isEqualTo(new FetchRequest.ReplicaState(2, 77));
        assertThat(named(first)).containsExactly(0, 1);
        assertThat(first.topics().get(0).partitions().get(1))
                .isEqualTo(new FetchRequest.FetchPartition(1, 5, 20, 4, 0, 10, Uuid.ZERO));
        assertThat(session.answered(answer(9))).isTrue();

        wanted.put(SECOND, from(21));
        FetchRequest second = session.next(wanted, 77);
        assertThat(second.sessionId()).isEqualTo(9);
        assertThat(second.sessionEpoch()).isEqualTo(1);
        assertThat(named(second)).containsExactly(1);
        assertThat(second.forgottenTopicsData()).isEmpty();
        assertThat(session.answered(answer(9))).isTrue();

        wanted.remove(FIRST);
        FetchRequest third = session.next(wanted, 77);
        assertThat(third.sessionEpoch()).isEqualTo(2);
        assertThat(named(third)).isEmpty();
        assertThat(third.forgottenTopicsData())
                .containsExactly(new FetchRequest.ForgottenTopic("", TOPIC_ID, List.of(0)));
    }

    @Test
    void aTopicThatWasMadeAnewIsForgottenUnderItsOldIdentifier() {
        wanted.put(FIRST, from(10));
        session.next(wanted, 77);
        session.answered(answer(9));
        wanted.put(FIRST, new Wanted(new Uuid(2, 2), 0, 0, 0, -1));
        FetchRequest next = session.next(wanted, 77);
        assertThat(next.topics().get(0).topicId()).isEqualTo(new Uuid(2, 2));
        assertThat(next.forgottenTopicsData().get(0).topicId()).isEqualTo(TOPIC_ID);
    }

    @Test
    void aSessionThatIsLostBeginsAnewAndClosesTheOldOne() {
        wanted.put(FIRST, from(10));
        session.next(wanted, 77);
        session.answered(answer(9));
        session.next(wanted, 77);
        assertThat(session.answered(new FetchResponse(ErrorCode.FETCH_SESSION_ID_NOT_FOUND, 0, List.of(), List.of())))
                .isFalse();
        FetchRequest again = session.next(wanted, 77);
        assertThat(again.sessionEpoch()).isZero();
        assertThat(again.sessionId()).isEqualTo(9);
        assertThat(named(again)).containsExactly(0);
        session.answered(answer(12));
        assertThat(session.next(wanted, 77).sessionId()).isEqualTo(12);
    }

    @Test
    void aLeaderThatGivesNoSessionIsAskedForAllEachTime() {
        wanted.put(FIRST, from(10));
        session.next(wanted, 77);
        session.answered(answer(0));
        FetchRequest next = session.next(wanted, 77);
        assertThat(next.sessionEpoch()).isZero();
        assertThat(named(next)).containsExactly(0);
    }
}
