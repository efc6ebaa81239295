package io.odradek.core.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DescribeTopicPartitionsRequest;
import io.odradek.protocol.api.DescribeTopicPartitionsRequest.TopicRequest;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse.Cursor;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
import io.odradek.protocol.api.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics "a" with three partitions, "b" with one and "__consumer_offsets" with two; broker 2 is dead. */
class DescribeTopicPartitionsHandlerTest {
    private static final PartitionInfo LED = new PartitionInfo(1, 7, List.of(1, 2), List.of(1));

    private static CapturedRequest ask(
            int most, int limit, DescribeTopicPartitionsRequest.Cursor cursor, String... names) {
        SortedMap<String, TopicInfo> topics = new TreeMap<>();
        topics.put("a", topic("a", 3));
        topics.put("b", topic("b", 1));
        topics.put("__consumer_offsets", topic("__consumer_offsets", 2));
        CapturedRequest context = new CapturedRequest(ApiKey.DESCRIBE_TOPIC_PARTITIONS, 0);
        String listener = context.connection().peer().listenerName();
        BrokerInfo broker = new BrokerInfo(1, null, new TreeMap<>(Map.of(listener, new Endpoint("one", 9092))));
        MetadataImage image = new MetadataImage("cluster", 1, new TreeMap<>(Map.of(1, broker)), topics, Map.of());
        List<TopicRequest> wanted = Arrays.stream(names).map(TopicRequest::new).toList();
        new DescribeTopicPartitionsHandler(() -> image, most)
                .handle(new DescribeTopicPartitionsRequest(wanted, limit, cursor), context);
        return context;
    }

    private static TopicInfo topic(String name, int partitions) {
        return new TopicInfo(name, new Uuid(name.hashCode(), 1), Collections.nCopies(partitions, LED), Map.of());
    }

    private static DescribeTopicPartitionsResponse page(
            int limit, DescribeTopicPartitionsRequest.Cursor cursor, String... names) {
        return ask(2_000, limit, cursor, names).answer(DescribeTopicPartitionsResponse.class);
    }

    private static List<String> shown(DescribeTopicPartitionsResponse page) {
        List<String> shown = new ArrayList<>();
        for (DescribeTopicPartitionsResponseTopic topic : page.topics()) {
            List<Integer> partitions = topic.partitions().stream()
                    .map(DescribeTopicPartitionsResponsePartition::partitionIndex)
                    .toList();
            shown.add(topic.name() + partitions);
        }
        return shown;
    }

    @Test
    void aTopicIsToldWithAllThatIsKnownOfItsPartitions() {
        DescribeTopicPartitionsResponse page = page(2_000, null, "b");
        assertThat(page.nextCursor()).isNull();
        assertThat(page.topics())
                .containsExactly(new DescribeTopicPartitionsResponseTopic(
                        ErrorCode.NONE,
                        "b",
                        new Uuid("b".hashCode(), 1),
                        false,
                        List.of(new DescribeTopicPartitionsResponsePartition(
                                ErrorCode.NONE, 0, 1, 7, List.of(1, 2), List.of(1), List.of(), List.of(), List.of(2))),
                        AuthorizedOperations.TOPIC));
    }

    @Test
    void withoutNamesAllTopicsAreToldInTheOrderOfTheirNames() {
        DescribeTopicPartitionsResponse page = page(2_000, null);
        assertThat(shown(page)).containsExactly("__consumer_offsets[0, 1]", "a[0, 1, 2]", "b[0]");
        assertThat(page.topics())
                .extracting(DescribeTopicPartitionsResponseTopic::isInternal)
                .containsExactly(true, false, false);
    }

    @Test
    void unknownAndIllegalNamesAreErrorsOfTheirTopics() {
        assertThat(page(2_000, null, "none", "b", "no/name").topics())
                .extracting(DescribeTopicPartitionsResponseTopic::errorCode)
                .containsExactly(
                        ErrorCode.NONE, ErrorCode.INVALID_TOPIC_EXCEPTION, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void pagesOfAnySizeTellEveryPartitionOnce(int limit) {
        List<String> told = new ArrayList<>();
        DescribeTopicPartitionsRequest.Cursor cursor = null;
        do {
            DescribeTopicPartitionsResponse page = page(limit, cursor);
            int size = 0;
            for (DescribeTopicPartitionsResponseTopic topic : page.topics()) {
                for (DescribeTopicPartitionsResponsePartition partition : topic.partitions()) {
                    told.add(topic.name() + partition.partitionIndex());
                    size++;
                }
            }
            assertThat(size).isBetween(1, limit);
            Cursor next = page.nextCursor();
            cursor = next == null
                    ? null
                    : new DescribeTopicPartitionsRequest.Cursor(next.topicName(), next.partitionIndex());
        } while (cursor != null);
        assertThat(told).containsExactly("__consumer_offsets0", "__consumer_offsets1", "a0", "a1", "a2", "b0");
    }

    @Test
    void aCursorMayPointToWhatIsNotThereAnyMore() {
        assertThat(shown(page(2_000, new DescribeTopicPartitionsRequest.Cursor("aa", 5))))
                .containsExactly("b[0]");
        assertThat(shown(page(2_000, new DescribeTopicPartitionsRequest.Cursor("a", Integer.MAX_VALUE))))
                .containsExactly("a[]", "b[0]");
        assertThat(shown(page(2_000, new DescribeTopicPartitionsRequest.Cursor("z", 0))))
                .isEmpty();
        assertThatThrownBy(() -> ask(2_000, 2_000, new DescribeTopicPartitionsRequest.Cursor("a", -1)))
                .hasMessageContaining("INVALID_REQUEST");
    }

    @Test
    void aPageIsNoLargerThanTheBrokerAllowsAndNoSmallerThanOnePartition() {
        assertThat(shown(ask(2, 2_000, null, "a", "b").answer(DescribeTopicPartitionsResponse.class)))
                .containsExactly("a[0, 1]");
        assertThat(shown(page(0, null, "a", "b"))).containsExactly("a[0]");
        assertThat(page(3, null, "a", "b").nextCursor()).isEqualTo(new Cursor("b", 0));
    }
}
