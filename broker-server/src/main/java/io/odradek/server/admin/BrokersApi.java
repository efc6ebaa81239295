package io.odradek.server.admin;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.PartitionInfo;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.DescribeLogDirsRequest;
import io.odradek.protocol.api.DescribeLogDirsResponse;
import io.odradek.protocol.api.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.odradek.protocol.api.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.odradek.protocol.api.DescribeLogDirsResponse.DescribeLogDirsTopic;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /api/brokers}: the brokers of the cluster, and the log folders of this one. */
final class BrokersApi {
    private final Look look;

    BrokersApi(Look look) {
        this.look = look;
    }

    Answer list() {
        MetadataImage image = look.broker().metadata();
        Map<Integer, Integer> leads = new TreeMap<>();
        Map<Integer, Integer> replicas = new TreeMap<>();
        for (TopicInfo topic : image.topics().values()) {
            for (PartitionInfo partition : topic.partitions()) {
                leads.merge(partition.leader(), 1, Integer::sum);
                partition.replicas().forEach(id -> replicas.merge(id, 1, Integer::sum));
            }
        }
        List<Object> brokers = new ArrayList<>();
        for (BrokerInfo broker : image.brokers().values()) {
            Map<String, Object> listeners = Json.object();
            broker.endpoints().forEach((name, endpoint) -> listeners.put(name, endpoint.hostAndPort()));
            brokers.add(Json.object(
                    "id", broker.id(),
                    "rack", broker.rack(),
                    "listeners", listeners,
                    "leads", leads.getOrDefault(broker.id(), 0),
                    "replicas", replicas.getOrDefault(broker.id(), 0)));
        }
        return Answer.json(Json.object(
                "cluster", image.clusterId(),
                "controller", image.controllerId(),
                "broker", look.broker().brokerId(),
                "brokers", brokers,
                "logFolders", folders()));
    }

    private List<Object> folders() {
        DescribeLogDirsResponse answer = look.ask(
                ApiKey.DESCRIBE_LOG_DIRS,
                LogSizes.VERSION,
                new DescribeLogDirsRequest(null),
                DescribeLogDirsResponse.class);
        List<Object> folders = new ArrayList<>();
        for (DescribeLogDirsResult folder : answer.results()) {
            long size = 0;
            for (DescribeLogDirsTopic topic : folder.topics()) {
                for (DescribeLogDirsPartition partition : topic.partitions()) {
                    size += partition.partitionSize();
                }
            }
            folders.add(Json.object(
                    "path",
                    folder.logDir(),
                    "online",
                    folder.errorCode() == ErrorCode.NONE,
                    "sizeBytes",
                    size,
                    "usableBytes",
                    folder.usableBytes() < 0 ? null : folder.usableBytes(),
                    "totalBytes",
                    folder.totalBytes() < 0 ? null : folder.totalBytes()));
        }
        return folders;
    }
}
