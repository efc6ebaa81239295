package io.odradek.server.admin;

import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DescribeLogDirsRequest;
import io.odradek.protocol.api.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.odradek.protocol.api.DescribeLogDirsResponse;
import io.odradek.protocol.api.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.odradek.protocol.api.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.odradek.protocol.api.DescribeLogDirsResponse.DescribeLogDirsTopic;
import io.odradek.server.inspect.StoredTopic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How large the logs of partitions are on this broker, in bytes. */
final class LogSizes {
    static final int VERSION = 4;

    private final Map<TopicPartition, Long> sizes = new HashMap<>();

    private LogSizes() {}

    /** {@return those of some topics} */
    static LogSizes of(Look look, List<StoredTopic> topics) {
        List<DescribableLogDirTopic> asked = new ArrayList<>();
        for (StoredTopic topic : topics) {
            asked.add(new DescribableLogDirTopic(
                    topic.name(),
                    IntStream.range(0, topic.partitions().size()).boxed().toList()));
        }
        DescribeLogDirsResponse answer = look.ask(
                ApiKey.DESCRIBE_LOG_DIRS, VERSION, new DescribeLogDirsRequest(asked), DescribeLogDirsResponse.class);
        LogSizes found = new LogSizes();
        for (DescribeLogDirsResult folder : answer.results()) {
            for (DescribeLogDirsTopic topic : folder.topics()) {
                for (DescribeLogDirsPartition partition : topic.partitions()) {
                    found.sizes.merge(
                            new TopicPartition(topic.name(), partition.partitionIndex()),
                            partition.partitionSize(),
                            Long::sum);
                }
            }
        }
        return found;
    }

    /** {@return the size of a log, null if there is none here} */
    Long of(String topic, int partition) {
        return sizes.get(new TopicPartition(topic, partition));
    }

    /** {@return the size of all logs of a topic that are here} */
    long of(StoredTopic topic) {
        long sum = 0;
        for (int i = 0; i < topic.partitions().size(); i++) {
            Long size = of(topic.name(), i);
            sum += size == null ? 0 : size;
        }
        return sum;
    }
}
