package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.fetch.FetchSessionCache;
import io.odradek.core.fetch.FetchSessions;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.RecordDeletion;
import io.odradek.core.partition.TestBroker;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ForgottenTopic;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.FetchResponse.PartitionData;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Payload;
import io.odradek.protocol.wire.Uuid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FetchHandlerTest {
    private static final int MAX_BYTES = 50 << 20;

    private final TestBroker broker = new TestBroker(3);
    private final FetchSessionCache cache =
            new FetchSessionCache(10, broker.world.clock(), broker.world.newRandoms("sessions"));
    private final FetchHandler handler =
            new FetchHandler(broker.owners, broker::image, new FetchSessions(cache), 55 << 20);
    private final ProduceHandler producer = new ProduceHandler(broker.owners, broker::image, broker.world.clock());

    @AfterEach
    void close() throws IOException {
        broker.close();
    }

    @Test
    void recordsComeAsTheyWereStoredFromTheBatchOfTheFetchOffsetOn() {
        broker.topic("a", 1, Map.of());
        produce("a", 0, TestRecords.batch("x", "y"));
        produce("a", 0, TestRecords.batch("z"));
        PartitionData data = only(fetch(request(0, 1, topic("a", at(0, 1)))));
        assertThat(data.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(data.highWatermark()).isEqualTo(3);
        assertThat(data.lastStableOffset()).isEqualTo(3);
        assertThat(data.logStartOffset()).isZero();
        assertThat(TestRecords.baseOffsets(data.records())).containsExactly(0L, 2L);
        assertThat(TestRecords.baseOffsets(only(fetch(request(0, 1, topic("a", at(0, 2)))))
                        .records()))
                .containsExactly(2L);
    }

    @Test
    void aFetchWaitsForRecordsAndIsAnsweredByTheFirstThatCome() {
        broker.topic("a", 5, Map.of());
        TestContext context = fetch(request(500, 1, topic("a", at(0, 0), at(1, 0), at(2, 0), at(3, 0), at(4, 0))));
        broker.world.advanceMs(400);
        assertThat(context.isCompleted()).isFalse();
        produce("a", 3, TestRecords.batch("x"));
        assertThat(data(context))
                .extracting(p -> p.records().sizeBytes() > 0)
                .containsExactly(false, false, false, true, false);
        broker.world.advanceMs(1000);
        produce("a", 0, TestRecords.batch("x"));
    }

    @Test
    void aFetchIsAnsweredWithWhatThereIsWhenItsTimeIsUp() {
        broker.topic("a", 3, Map.of());
        TestContext context = fetch(request(500, 1000, topic("a", at(0, 0), at(1, 0), at(2, 0))));
        produce("a", 1, TestRecords.batch("x"));
        produce("a", 2, TestRecords.batch("y"));
        assertThat(context.isCompleted()).isFalse();
        broker.world.advanceMs(499);
        assertThat(context.isCompleted()).isFalse();
        broker.world.advanceMs(1);
        assertThat(data(context)).extracting(p -> p.records().sizeBytes() > 0).containsExactly(false, true, true);
    }

    @Test
    void aFetchThatWaitsForManyBytesIsAnsweredWhenAllOwnersTogetherHaveThem() {
        broker.topic("a", 3, Map.of());
        TestContext context = fetch(request(5000, 2000, topic("a", at(0, 0), at(1, 0), at(2, 0))));
        produce("a", 0, TestRecords.batchOf(900));
        produce("a", 1, TestRecords.batchOf(900));
        assertThat(context.isCompleted()).isFalse();
        produce("a", 2, TestRecords.batchOf(900));
        assertThat(data(context)).allMatch(p -> p.records().sizeBytes() > 900);
    }

    @Test
    void aFetchThatMayNotWaitIsAnsweredAtOnce() {
        broker.topic("a", 1, Map.of());
        assertThat(only(fetch(request(0, 1, topic("a", at(0, 0))))).records().sizeBytes())
                .isZero();
        assertThat(only(fetch(request(500, 0, topic("a", at(0, 0))))).records().sizeBytes())
                .isZero();
        assertThat(broker.parked()).isZero();
    }

    @Test
    void anErrorIsToldAtOnceAndOutOfRangeTellsTheRange() {
        broker.topic("a", 2, Map.of());
        produce("a", 0, TestRecords.batch("x"));
        TestContext context = fetch(request(500, 1 << 20, topic("a", at(1, 0), at(0, 5))));
        assertThat(data(context))
                .extracting(PartitionData::errorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(data(context).get(1).highWatermark()).isEqualTo(1);
        assertThat(data(context).get(1).logStartOffset()).isZero();
    }

    @Test
    void aTopicThatNobodyKnowsDoesNotCutTheWaitShort() {
        broker.topic("a", 1, Map.of());
        TestContext context = fetch(request(500, 1, topic("nobody", at(0, 0)), topic("a", at(0, 0), at(7, 0))));
        assertThat(context.isCompleted()).isFalse();
        broker.world.advanceMs(500);
        assertThat(data(context))
                .extracting(PartitionData::errorCode)
                .containsExactly(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void topicsMayBeNamedByIdentifier() {
        broker.topic("a", 1, Map.of());
        produce("a", 0, TestRecords.batch("x"));
        FetchTopic known = new FetchTopic("", TestBroker.topicId("a"), List.of(at(0, 0)));
        FetchTopic unknown = new FetchTopic("", new Uuid(9, 9), List.of(at(0, 0)));
        TestContext context = fetch(new TestContext(ApiKey.FETCH, 13), request(0, 1, known, unknown));
        assertThat(data(context))
                .extracting(PartitionData::errorCode)
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(TestRecords.baseOffsets(data(context).get(0).records())).containsExactly(0L);
    }

    @Test
    void anIdentifierThatIsNotTheLogsIsInconsistent() {
        broker.topic("a", 1, Map.of());
        MetadataImage.TopicInfo a = broker.image().topics().get("a");
        broker.describe(new MetadataImage.TopicInfo("a", new Uuid(9, 9), a.partitions(), Map.of()));
        FetchTopic topic = new FetchTopic("", new Uuid(9, 9), List.of(at(0, 0)));
        TestContext context = fetch(new TestContext(ApiKey.FETCH, 13), request(500, 1, topic));
        assertThat(only(context).errorCode()).isEqualTo(ErrorCode.INCONSISTENT_TOPIC_ID);
    }

    @Test
    void leaderEpochsAreFenced() {
        broker.topic("a", 1, Map.of());
        broker.elect(broker.partition("a", 0), TestBroker.ID, 5, List.of(1));
        assertThat(only(fetch(request(0, 1, topic("a", new FetchPartition(0, 4, 0, -1, -1, 100, Uuid.ZERO)))))
                        .errorCode())
                .isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(only(fetch(request(0, 1, topic("a", new FetchPartition(0, 6, 0, -1, -1, 100, Uuid.ZERO)))))
                        .errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void aReaderWhoseLogLeftTheLeadersIsToldWhere() {
        broker.topic("a", 1, Map.of());
        produce("a", 0, TestRecords.batch("x", "y"));
        broker.elect(broker.partition("a", 0), TestBroker.ID, 3, List.of(1));
        broker.world.runUntilIdle();
        produce("a", 0, TestRecords.batch("z"));
        PartitionData data =
                only(fetch(request(500, 1, topic("a", new FetchPartition(0, 3, 3, 2, -1, 100, Uuid.ZERO)))));
        assertThat(data.errorCode()).isEqualTo(ErrorCode.NONE);
        assertThat(data.divergingEpoch()).isEqualTo(new FetchResponse.EpochEndOffset(0, 2));
        assertThat(data.records().sizeBytes()).isZero();
    }

    @Test
    void consumersSeeNothingBeyondTheHighWatermarkAndFollowersAll() {
        broker.topic("r", 1, Map.of(), List.of(1, 2));
        produce("r", 0, TestRecords.batch("x"));
        TestContext consumer = fetch(request(5000, 1, topic("r", at(0, 0))));
        assertThat(consumer.isCompleted()).isFalse();
        PartitionData toFollower = only(fetch(follower(2, topic("r", at(0, 0)))));
        assertThat(TestRecords.baseOffsets(toFollower.records())).containsExactly(0L);
        assertThat(consumer.isCompleted()).isFalse();
        fetch(follower(2, topic("r", at(0, 1))));
        assertThat(TestRecords.baseOffsets(only(consumer).records())).containsExactly(0L);
        assertThat(only(fetch(follower(3, topic("r", at(0, 1))))).errorCode())
                .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void aFetchThatFoundNothingTellsWhatTheHighWatermarkIsInTheEnd() {
        broker.topic("r", 1, Map.of(), List.of(1, 2));
        produce("r", 0, TestRecords.batch("x"));
        TestContext consumer = fetch(request(500, 1, topic("r", at(0, 1))));
        broker.world.advanceMs(250);
        fetch(follower(2, topic("r", at(0, 1))));
        TestContext later = fetch(request(500, 1, topic("r", at(0, 1))));
        assertThat(consumer.isCompleted()).isFalse();
        broker.world.advanceMs(500);
        for (TestContext context : List.of(consumer, later)) {
            assertThat(only(context).highWatermark()).isEqualTo(1);
            assertThat(only(context).records().sizeBytes()).isZero();
        }
        assertThat(broker.parked()).isZero();
    }

    @Test
    void aParkedFetchEndsWhenLeadershipIsLost() {
        broker.topic("a", 1, Map.of());
        TestContext context = fetch(request(5000, 1, topic("a", at(0, 0))));
        broker.elect(broker.partition("a", 0), 2, 1, List.of(2));
        broker.world.runUntilIdle();
        assertThat(only(context).errorCode()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(broker.parked()).isZero();
    }

    @Test
    void theFirstPartitionGivesAWholeBatchWhateverItsSizeAndTheRestStaysWithinTheMaximum() {
        broker.topic("a", 3, Map.of());
        for (int partition = 0; partition < 3; partition++) {
            produce("a", partition, TestRecords.batchOf(1000));
            produce("a", partition, TestRecords.batchOf(1000));
        }
        TestContext tiny = fetch(sized(10, topic("a", at(0, 0), at(1, 0), at(2, 0))));
        assertThat(batches(tiny)).containsExactly(1, 0, 0);
        TestContext larger = fetch(sized(3500, topic("a", at(0, 0), at(1, 0), at(2, 0))));
        assertThat(batches(larger)).containsExactly(2, 1, 0);
        FetchPartition little = new FetchPartition(1, -1, 0, -1, -1, 10, Uuid.ZERO);
        TestContext second = fetch(sized(MAX_BYTES, topic("a", at(0, 0), little, at(2, 0))));
        assertThat(batches(second)).containsExactly(2, 0, 2);
    }

    @Test
    void aSessionSendsChangesOnlyAndPartitionsTakeTurns() {
        broker.topic("a", 3, Map.of());
        for (int partition = 0; partition < 3; partition++) {
            produce("a", partition, TestRecords.batchOf(1000));
        }
        FetchResponse full =
                response(fetch(session(0, 0, 10, List.of(topic("a", at(0, 0), at(1, 0), at(2, 0))), List.of())));
        int id = full.sessionId();
        assertThat(id).isNotZero();
        assertThat(full.responses().get(0).partitions()).hasSize(3);
        FetchResponse second = response(fetch(session(id, 1, 10, List.of(topic("a", at(0, 1))), List.of())));
        assertThat(withRecords(second)).containsExactly(1);
        FetchResponse third = response(fetch(session(id, 2, 10, List.of(topic("a", at(1, 1))), List.of())));
        assertThat(withRecords(third)).containsExactly(2);
        FetchResponse quiet = response(fetch(session(id, 3, 10, List.of(topic("a", at(2, 1))), List.of())));
        assertThat(quiet.responses()).isEmpty();
        assertThat(quiet.sessionId()).isEqualTo(id);
        produce("a", 0, TestRecords.batch("x"));
        FetchResponse forgotten =
                response(fetch(session(id, 4, 10, List.of(), List.of(new ForgottenTopic("a", Uuid.ZERO, List.of(0))))));
        assertThat(forgotten.responses()).isEmpty();
    }

    @Test
    void aSessionThatIsNotThereOrNotThatFarIsRefused() {
        broker.topic("a", 1, Map.of());
        assertThat(response(fetch(session(77, 1, 10, List.of(), List.of()))).errorCode())
                .isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        int id = response(fetch(session(0, 0, 10, List.of(topic("a", at(0, 0))), List.of())))
                .sessionId();
        assertThat(response(fetch(session(id, 2, 10, List.of(), List.of()))).errorCode())
                .isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        TestContext withIds = fetch(new TestContext(ApiKey.FETCH, 13), session(id, 1, 10, List.of(), List.of()));
        assertThat(response(withIds).errorCode()).isEqualTo(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
        assertThat(response(fetch(session(id, 1, 10, List.of(), List.of()))).errorCode())
                .isEqualTo(ErrorCode.NONE);
        fetch(session(id, -1, 10, List.of(topic("a", at(0, 0))), List.of()));
        assertThat(response(fetch(session(id, 2, 10, List.of(), List.of()))).errorCode())
                .isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void whoClosesASessionWaitsForNoFetchOfIt() {
        for (int nextEpoch : new int[] {-1, 0}) {
            String name = "before" + nextEpoch;
            broker.topic(name, 2, Map.of());
            int id = response(fetch(session(0, 0, 0, List.of(topic(name, at(0, 0), at(1, 0))), List.of())))
                    .sessionId();
            TestContext before = fetch(make(-1, 60_000, 1, MAX_BYTES, id, 1, List.of(), List.of()));
            broker.world.advanceMs(1_000);
            assertThat(before.isCompleted()).isFalse();
            fetch(session(id, nextEpoch, 0, List.of(), List.of()));
            assertThat(response(before).errorCode()).isEqualTo(ErrorCode.NONE);
            assertThat(response(before).sessionId()).isEqualTo(id);
            produce(name, 1, TestRecords.batch("x"));
            produce(name, 0, TestRecords.batch("x"));
            assertThat(broker.parked()).isZero();
        }
    }

    @Test
    void fetchesThatWereParkedLeaveNothingBehind() {
        broker.topic("a", 6, Map.of());
        for (int round = 0; round < 100_000; round++) {
            handler.handle(
                    request(60_000, 1, topic("a", at(round % 6, 0), at((round + 1) % 6, 0))),
                    new TestContext(ApiKey.FETCH, 12));
        }
        broker.world.runUntilIdle();
        assertThat(broker.parked()).isGreaterThanOrEqualTo(100_000);
        broker.world.advanceMs(60_000);
        for (int partition = 0; partition < 6; partition++) {
            produce("a", partition, TestRecords.batch("x"));
            assertThat(broker.partition("a", partition).watches().size()).isZero();
        }
        assertThat(broker.parked()).isZero();
    }

    @Test
    void whatWasAnsweredOnAnotherOwnerDoesNotPileUp() {
        broker.topic("a", 3, Map.of());
        for (int round = 0; round < 5_000; round++) {
            TestContext context = fetch(request(60_000, 1, topic("a", at(0, round), at(1, 0), at(2, 0))));
            produce("a", 0, TestRecords.batch("x"));
            assertThat(context.isCompleted()).isTrue();
        }
        assertThat(broker.parked()).isLessThan(3 * 520);
    }

    @Test
    void whatWasParkedForClientsThatAreGoneIsGoneFromEveryOwner() {
        broker.topic("a", 3, Map.of());
        TestContext stays = fetch(request(60_000, 1, topic("a", at(0, 0), at(1, 0), at(2, 0))));
        for (int round = 0; round < 100; round++) {
            TestContext context = fetch(request(Integer.MAX_VALUE, 1, topic("a", at(0, 0), at(1, 0), at(2, 0))));
            assertThat(context.isParked()).isTrue();
            context.leave();
            broker.world.runUntilIdle();
            assertThat(context.isCompleted()).isTrue();
        }
        assertThat(broker.parked()).isEqualTo(3);
        assertThat(stays.isCompleted()).isFalse();
    }

    @Test
    void aSessionGoesOnAfterAFetchThatNobodyWaitedFor() {
        broker.topic("a", 1, Map.of());
        int id = response(fetch(session(0, 0, 10, List.of(topic("a", at(0, 0))), List.of())))
                .sessionId();
        TestContext left = fetch(make(-1, 60_000, 1, MAX_BYTES, id, 1, List.of(), List.of()));
        left.leave();
        broker.world.runUntilIdle();
        assertThat(response(fetch(session(id, 2, 10, List.of(), List.of()))).errorCode())
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void noFetchWaitsLongerThanTheBrokerLetsIt() {
        broker.topic("a", 1, Map.of());
        TestContext context = fetch(request(Integer.MAX_VALUE, 1, topic("a", at(0, 0))));
        broker.world.advanceMs(3_599_999);
        assertThat(context.isCompleted()).isFalse();
        broker.world.advanceMs(1);
        assertThat(only(context).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aThousandThatWaitAtTheEndLookIntoNoFileUntilThereIsEnough() {
        broker.topic("a", 1, Map.of());
        for (int i = 0; i < 100; i++) {
            produce("a", 0, TestRecords.batchOf(1000));
        }
        long before = broker.files.operations();
        for (int i = 0; i < 100; i++) {
            produce("a", 0, TestRecords.batchOf(10));
        }
        long ofAppends = broker.files.operations() - before;
        List<TestContext> waiting = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            waiting.add(fetch(request(60_000, 1 << 20, topic("a", at(0, 100 + i % 100)))));
        }
        assertThat(broker.parked()).isEqualTo(1_000);
        before = broker.files.operations();
        for (int i = 0; i < 100; i++) {
            produce("a", 0, TestRecords.batchOf(10));
        }
        assertThat(broker.files.operations() - before).isEqualTo(ofAppends);
        assertThat(waiting).noneMatch(TestContext::isCompleted);
        produce("a", 0, TestRecords.batchOf(600_000));
        assertThat(waiting).noneMatch(TestContext::isCompleted);
        produce("a", 0, TestRecords.batchOf(600_000));
        assertThat(waiting).allMatch(TestContext::isCompleted);
        assertThat(broker.parked()).isZero();
    }

    @Test
    void aFetchThatWaitsIsAnsweredAsSoonAsThereIsAsMuchAsItWaitsForWhateverMoved() {
        broker.topic("r", 1, Map.of(), List.of(1, 2));
        produce("r", 0, TestRecords.batchOf(600));
        produce("r", 0, TestRecords.batchOf(600));
        TestContext consumer = fetch(request(5000, 1500, topic("r", at(0, 0))));
        fetch(follower(2, topic("r", at(0, 1))));
        fetch(follower(2, topic("r", at(0, 2))));
        assertThat(consumer.isCompleted()).as("1340 bytes are visible").isFalse();
        produce("r", 0, TestRecords.batchOf(600));
        assertThat(consumer.isCompleted()).as("the third is not").isFalse();
        fetch(follower(2, topic("r", at(0, 3))));
        assertThat(TestRecords.baseOffsets(only(consumer).records())).containsExactly(0L, 1L, 2L);
    }

    @Test
    void aFetchThatWaitsAtAnOffsetThatIsDeletedIsToldAtOnce() {
        broker.topic("a", 1, Map.of());
        produce("a", 0, TestRecords.batchOf(100));
        TestContext context = fetch(request(5000, 1 << 20, topic("a", at(0, 0))));
        Partition partition = broker.partition("a", 0);
        broker.owners.ownerOf(partition.id()).loop().post(() -> RecordDeletion.before(partition, 1));
        broker.world.runUntilIdle();
        produce("a", 0, TestRecords.batchOf(100));
        assertThat(only(context).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void aFetchOfNothingThatIsKnownIsAnswered() {
        FetchTopic unknown = new FetchTopic("", new Uuid(9, 9), List.of(at(0, 0)));
        assertThat(data(fetch(new TestContext(ApiKey.FETCH, 13), request(0, 1, unknown))))
                .extracting(PartitionData::errorCode)
                .containsExactly(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void unknownPartitionsOfASessionAreToldEachTime() {
        broker.topic("a", 1, Map.of());
        FetchTopic unknown = new FetchTopic("", new Uuid(9, 9), List.of(at(0, 0)));
        FetchTopic noPartition = new FetchTopic("", TestBroker.topicId("a"), List.of(at(7, 0)));
        TestContext context =
                fetch(new TestContext(ApiKey.FETCH, 13), session(0, 0, 10, List.of(unknown, noPartition), List.of()));
        assertThat(data(context))
                .extracting(PartitionData::errorCode)
                .containsExactly(ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void sessionsThatHaveNoMemoryLeftAreNotKept() {
        broker.topic("a", 3, Map.of());
        MemoryShare share = new MemoryShare("share", 1_000);
        FetchSessionCache small =
                new FetchSessionCache(10, broker.world.clock(), broker.world.newRandoms("small"), share);
        FetchHandler bounded = new FetchHandler(broker.owners, broker::image, new FetchSessions(small), 55 << 20);
        FetchTopic unknown = topic("nobody", at(0, 0), at(1, 0));
        int id = sessionOf(bounded, session(0, 0, 10, List.of(unknown), List.of()));
        assertThat(id).isNotZero();
        assertThat(share.usedBytes()).isBetween(600L, 1_000L);
        long used = share.usedBytes();
        assertThat(sessionOf(bounded, session(0, 0, 10, List.of(unknown), List.of())))
                .as("a second one of two partitions")
                .isZero();
        ForgottenTopic forgotten = new ForgottenTopic("nobody", Uuid.ZERO, List.of(1));
        assertThat(sessionOf(bounded, session(id, 1, 10, List.of(), List.of(forgotten))))
                .isEqualTo(id);
        assertThat(share.usedBytes()).isEqualTo(used / 2);
        TestContext outgrown = new TestContext(ApiKey.FETCH, 12);
        bounded.handle(session(id, 2, 10, List.of(topic("a", at(0, 0), at(1, 0), at(2, 0))), List.of()), outgrown);
        assertThat(response(outgrown).errorCode()).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(share.usedBytes()).isZero();
        int last = sessionOf(bounded, session(0, 0, 10, List.of(unknown), List.of()));
        assertThat(sessionOf(bounded, session(last, -1, 10, List.of(unknown), List.of())))
                .isZero();
        assertThat(share.usedBytes()).isZero();
        assertThat(small.size()).isZero();
    }

    private int sessionOf(FetchHandler bounded, FetchRequest request) {
        TestContext context = new TestContext(ApiKey.FETCH, 12);
        bounded.handle(request, context);
        broker.world.runUntilIdle();
        assertThat(response(context).errorCode()).isEqualTo(ErrorCode.NONE);
        return response(context).sessionId();
    }

    private TestContext fetch(FetchRequest request) {
        return fetch(new TestContext(ApiKey.FETCH, 12), request);
    }

    private TestContext fetch(TestContext context, FetchRequest request) {
        handler.handle(request, context);
        broker.world.runUntilIdle();
        return context;
    }

    private void produce(String topic, int partition, Payload records) {
        Partition before = broker.partition(topic, partition);
        long end = before.log().endOffset();
        ProduceRequest request = new ProduceRequest(
                null,
                (short) 1,
                1000,
                List.of(new ProduceRequest.TopicProduceData(
                        topic, List.of(new ProduceRequest.PartitionProduceData(partition, records)))));
        producer.handle(request, new TestContext(ApiKey.PRODUCE, 9));
        broker.world.runUntilIdle();
        assertThat(before.log().endOffset())
                .as(new TopicPartition(topic, partition).toString())
                .isGreaterThan(end);
    }

    private static FetchResponse response(TestContext context) {
        return context.response(FetchResponse.class);
    }

    private static List<PartitionData> data(TestContext context) {
        List<PartitionData> all = new ArrayList<>();
        response(context).responses().forEach(topic -> all.addAll(topic.partitions()));
        return all;
    }

    private static PartitionData only(TestContext context) {
        assertThat(data(context)).hasSize(1);
        return data(context).get(0);
    }

    private static List<Integer> batches(TestContext context) {
        List<Integer> counts = new ArrayList<>();
        data(context)
                .forEach(p -> counts.add(TestRecords.baseOffsets(p.records()).size()));
        return counts;
    }

    private static List<Integer> withRecords(FetchResponse response) {
        List<Integer> partitions = new ArrayList<>();
        response.responses()
                .forEach(topic -> topic.partitions().forEach(p -> {
                    if (p.records().sizeBytes() > 0) {
                        partitions.add(p.partitionIndex());
                    }
                }));
        return partitions;
    }

    private static FetchTopic topic(String name, FetchPartition... partitions) {
        return new FetchTopic(name, Uuid.ZERO, List.of(partitions));
    }

    private static FetchPartition at(int partition, long offset) {
        return new FetchPartition(partition, -1, offset, -1, -1, 1 << 20, Uuid.ZERO);
    }

    private static FetchRequest request(int maxWaitMs, int minBytes, FetchTopic... topics) {
        return make(-1, maxWaitMs, minBytes, MAX_BYTES, 0, -1, List.of(topics), List.of());
    }

    private static FetchRequest sized(int maxBytes, FetchTopic... topics) {
        return make(-1, 0, 1, maxBytes, 0, -1, List.of(topics), List.of());
    }

    private static FetchRequest follower(int brokerId, FetchTopic... topics) {
        return make(brokerId, 0, 1, MAX_BYTES, 0, -1, List.of(topics), List.of());
    }

    private static FetchRequest session(
            int id, int epoch, int maxBytes, List<FetchTopic> topics, List<ForgottenTopic> forgotten) {
        return make(-1, 0, 1, maxBytes, id, epoch, topics, forgotten);
    }

    private static FetchRequest make(
            int replicaId,
            int maxWaitMs,
            int minBytes,
            int maxBytes,
            int sessionId,
            int sessionEpoch,
            List<FetchTopic> topics,
            List<ForgottenTopic> forgotten) {
        return new FetchRequest(
                null,
                replicaId,
                new FetchRequest.ReplicaState(-1, -1),
                maxWaitMs,
                minBytes,
                maxBytes,
                (byte) 0,
                sessionId,
                sessionEpoch,
                topics,
                forgotten,
                "");
    }
}
