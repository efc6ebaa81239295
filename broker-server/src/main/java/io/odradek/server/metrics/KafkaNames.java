package io.odradek.server.metrics;

import io.odradek.server.metrics.KafkaName.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one table of what our meters are called by those who watch Kafka: the names of Kafka 3.9's MBeans, from which those in
 * Prometheus follow. Meters that are not in it are ours alone.
 */
final class KafkaNames {
    private static final double NS_TO_MS = 1e-6;
    private static final double MILLIONTHS = 1e-6;
    private static final double MS_TO_SECONDS = 1e-3;
    private static final double THOUSANDTHS = 1e-3;

    private static final KafkaNames TABLE = new KafkaNames();

    private final Map<String, List<KafkaName>> byMeter = new TreeMap<>();

    private KafkaNames() {
        topics();
        requests();
        quotas();
        network();
        replicas();
        partitions();
        controller();
        logs();
        coordinators();
        broker();
    }

    /** {@return what a meter of ours is called, by its name in the registry; empty if Kafka has none like it} */
    static List<KafkaName> of(String meter) {
        return TABLE.byMeter.getOrDefault(meter, List.of());
    }

    /** {@return all of the table} */
    static List<KafkaName> all() {
        return TABLE.byMeter.values().stream().flatMap(List::stream).toList();
    }

    private void topics() {
        ofTopics("topic.bytes.in", "bytes", "BytesInPerSec");
        ofTopics("topic.bytes.out", "bytes", "BytesOutPerSec");
        ofTopics("topic.bytes.rejected", "bytes", "BytesRejectedPerSec");
        ofTopics("topic.records.in", "messages", "MessagesInPerSec");
        ofTopics("topic.produce.requests", "requests", "TotalProduceRequestsPerSec");
        ofTopics("topic.produce.failed", "requests", "FailedProduceRequestsPerSec");
        ofTopics("topic.fetch.requests", "requests", "TotalFetchRequestsPerSec");
        ofTopics("topic.fetch.failed", "requests", "FailedFetchRequestsPerSec");
        ofTopics("topic.produce.conversions", "requests", "ProduceMessageConversionsPerSec");
        ofTopics("topic.fetch.conversions", "requests", "FetchMessageConversionsPerSec");
        meter("replication.bytes.in", "bytes", "kafka.server:type=BrokerTopicMetrics,name=ReplicationBytesInPerSec");
        meter("replication.bytes.out", "bytes", "kafka.server:type=BrokerTopicMetrics,name=ReplicationBytesOutPerSec");
        meter("reassignment.bytes.in", "bytes", "kafka.server:type=BrokerTopicMetrics,name=ReassignmentBytesInPerSec");
        meter(
                "reassignment.bytes.out",
                "bytes",
                "kafka.server:type=BrokerTopicMetrics,name=ReassignmentBytesOutPerSec");
    }

    private void requests() {
        of(
                "request.received",
                Kind.METER,
                "requests",
                "kafka.network:type=RequestMetrics,name=RequestsPerSec,request={api},version={version}");
        of(
                "request.errors",
                Kind.METER,
                "requests",
                "kafka.network:type=RequestMetrics,name=ErrorsPerSec,request={api},error={error}");
        ofRequests("request.bytes", "RequestBytes", 1);
        ofRequests("request.queue.time", "RequestQueueTimeMs", NS_TO_MS);
        ofRequests("request.work.time", "LocalTimeMs", NS_TO_MS);
        ofRequests("request.wait.time", "RemoteTimeMs", NS_TO_MS);
        ofRequests("response.queue.time", "ResponseQueueTimeMs", NS_TO_MS);
        ofRequests("request.send.time", "ResponseSendTimeMs", NS_TO_MS);
        ofRequests("request.total.time", "TotalTimeMs", NS_TO_MS);
        ofRequests("request.throttle.time", "ThrottleTimeMs", NS_TO_MS);
        ofRequests("request.conversion.time", "MessageConversionsTimeMs", NS_TO_MS);
    }

    /** Of clients that are held to something. */
    private void quotas() {
        ofClients("quota.produce.rate", "Produce", "byte-rate");
        ofClients("quota.produce.throttle", "Produce", "throttle-time");
        ofClients("quota.fetch.rate", "Fetch", "byte-rate");
        ofClients("quota.fetch.throttle", "Fetch", "throttle-time");
        ofClients("quota.request.rate", "Request", "request-time");
        ofClients("quota.request.throttle", "Request", "throttle-time");
        ofClients("quota.mutation.rate", "ControllerMutation", "mutation-rate");
        ofClients("quota.mutation.tokens", "ControllerMutation", "tokens");
        ofClients("quota.mutation.throttle", "ControllerMutation", "throttle-time");
    }

    private void ofClients(String meter, String type, String attribute) {
        String name = "kafka.server:type=" + type + ",user={user},client-id={client-id}#" + attribute;
        add(KafkaName.of(meter, Kind.ATTRIBUTE, null, name, false, THOUSANDTHS));
    }

    private void network() {
        of(
                "connections",
                Kind.ATTRIBUTE,
                null,
                "kafka.server:type=socket-server-metrics,listener={listener},networkProcessor={processor}#connection-count");
        ofLogins("login.succeeded", "successful-authentication");
        ofLogins("login.failed", "failed-authentication");
        ofLogins("login.repeated", "successful-reauthentication");
        ofLogins("login.repeat.failed", "failed-reauthentication");
        of(
                "login.expired",
                Kind.ATTRIBUTE,
                null,
                "kafka.server:type=socket-server-metrics,listener={listener},networkProcessor={processor}"
                        + "#expired-connections-killed-count");
        gauge("request.queue.size", "kafka.network:type=RequestChannel,name=RequestQueueSize");
        gauge("response.queue.size", "kafka.network:type=RequestChannel,name=ResponseQueueSize");
        share("network.idle.millionths", "kafka.network:type=SocketServer,name=NetworkProcessorAvgIdlePercent");
        of(
                "owners.idle.time",
                Kind.METER,
                "percent",
                "kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent");
        gauge(
                "purgatory.size",
                "kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation={kind}");
    }

    private void ofLogins(String meter, String attribute) {
        String name =
                "kafka.server:type=socket-server-metrics,listener={listener},networkProcessor={processor}#" + attribute;
        of(meter, Kind.ATTRIBUTE, null, name + "-total");
        add(KafkaName.of(meter + ".rate", Kind.ATTRIBUTE, null, name + "-rate", false, THOUSANDTHS));
    }

    private void replicas() {
        gauge("replicas", "kafka.server:type=ReplicaManager,name=PartitionCount");
        gauge("replicas.leading", "kafka.server:type=ReplicaManager,name=LeaderCount");
        gauge("replicas.offline", "kafka.server:type=ReplicaManager,name=OfflineReplicaCount");
        gauge("partitions.under.replicated", "kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions");
        gauge("partitions.reassigning", "kafka.server:type=ReplicaManager,name=ReassigningPartitions");
        gauge("partitions.under.min.isr", "kafka.server:type=ReplicaManager,name=UnderMinIsrPartitionCount");
        gauge("partitions.at.min.isr", "kafka.server:type=ReplicaManager,name=AtMinIsrPartitionCount");
        meter("isr.shrinks", "shrinks", "kafka.server:type=ReplicaManager,name=IsrShrinksPerSec");
        meter("isr.expands", "expands", "kafka.server:type=ReplicaManager,name=IsrExpandsPerSec");
        meter("isr.failed", "failedUpdates", "kafka.server:type=ReplicaManager,name=FailedIsrUpdatesPerSec");
        of("throttled.replication.out", Kind.ATTRIBUTE, null, "kafka.server:type=LeaderReplication#byte-rate");
        of("throttled.replication.in", Kind.ATTRIBUTE, null, "kafka.server:type=FollowerReplication#byte-rate");
        gauge("fetcher.lag.max", "kafka.server:type=ReplicaFetcherManager,name=MaxLag,clientId=Replica");
        gauge(
                "fetcher.lag",
                "kafka.server:type=FetcherLagMetrics,name=ConsumerLag,clientId={fetcher},topic={topic},partition={partition}");
    }

    private void partitions() {
        ofPartitions("partition.replicas", "ReplicasCount");
        ofPartitions("partition.in.sync", "InSyncReplicasCount");
        ofPartitions("partition.under.replicated", "UnderReplicated");
        ofPartitions("partition.under.min.isr", "UnderMinIsr");
        ofPartitions("partition.at.min.isr", "AtMinIsr");
        ofPartitions("partition.stable.lag", "LastStableOffsetLag");
    }

    private void controller() {
        String type = "kafka.controller:type=KafkaController,name=";
        gauge("controller.active", type + "ActiveControllerCount");
        gauge("cluster.topics", type + "GlobalTopicCount");
        gauge("cluster.partitions", type + "GlobalPartitionCount");
        gauge("cluster.partitions.offline", type + "OfflinePartitionsCount");
        gauge("cluster.partitions.imbalanced", type + "PreferredReplicaImbalanceCount");
        of(
                "leader.election.time",
                Kind.TIMER,
                "calls",
                "kafka.controller:type=ControllerStats,name=LeaderElectionRateAndTimeMs");
        meter(
                "leader.elections.unclean",
                "elections",
                "kafka.controller:type=ControllerStats,name=UncleanLeaderElectionsPerSec");
    }

    private void logs() {
        ofLogs("log.size", "Size");
        ofLogs("log.start.offset", "LogStartOffset");
        ofLogs("log.end.offset", "LogEndOffset");
        ofLogs("log.segments", "NumLogSegments");
        of("log.flush.time", Kind.TIMER, "calls", "kafka.log:type=LogFlushStats,name=LogFlushRateAndTimeMs");
        gauge("cleaner.since.last.run.ms", "kafka.log:type=LogCleanerManager,name=time-since-last-run-ms");
        gauge(
                "cleaner.set.aside",
                "kafka.log:type=LogCleanerManager,name=uncleanable-partitions-count,logDirectory={folder}");
        gauge(
                "cleaner.uncleanable.bytes",
                "kafka.log:type=LogCleanerManager,name=uncleanable-bytes,logDirectory={folder}");
        gauge("cleaner.dirty.max.percent", "kafka.log:type=LogCleanerManager,name=max-dirty-percent");
        String cleaner = "kafka.log:type=LogCleaner,name=";
        gauge("cleaner.recopy.percent", cleaner + "cleaner-recopy-percent");
        gauge("cleaner.clean.time.max.seconds", cleaner + "max-clean-time-secs");
        gauge("cleaner.map.used.max.percent", cleaner + "max-buffer-utilization-percent");
        gauge("cleaner.delay.max.seconds", cleaner + "max-compaction-delay-secs");
        gauge("folders.offline", "kafka.log:type=LogManager,name=OfflineLogDirectoryCount");
        gauge("folder.offline", "kafka.log:type=LogManager,name=LogDirectoryOffline,logDirectory={folder}");
    }

    private void coordinators() {
        String type = "kafka.coordinator.group:type=GroupMetadataManager,name=";
        gauge("groups", type + "NumGroups");
        gauge("groups.stable", type + "NumGroupsStable");
        gauge("groups.preparing.rebalance", type + "NumGroupsPreparingRebalance");
        gauge("groups.completing.rebalance", type + "NumGroupsCompletingRebalance");
        gauge("groups.empty", type + "NumGroupsEmpty");
        gauge("groups.dead", type + "NumGroupsDead");
        // Not Kafka's: these are the names that exporters of its consumers' lag have made usual.
        String lag = "kafka:type=consumergroup,consumergroup={group},topic={topic},partition={partition},name=";
        gauge("group.lag", lag + "lag");
        add(KafkaName.of("group.lag.time", Kind.SHARE, null, lag + "lag_seconds", false, MS_TO_SECONDS));
    }

    private void broker() {
        String session = "kafka.server:type=SessionExpireListener,name=";
        meter("zookeeper.connects", "syncconnects", session + "ZooKeeperSyncConnectsPerSec");
        meter("zookeeper.disconnects", "disconnects", session + "ZooKeeperDisconnectsPerSec");
        meter("zookeeper.expiries", "expires", session + "ZooKeeperExpiresPerSec");
        gauge("broker.state", "kafka.server:type=KafkaServer,name=BrokerState");
    }

    private void ofTopics(String meter, String event, String name) {
        add(KafkaName.of(
                meter,
                Kind.METER,
                event,
                "kafka.server:type=BrokerTopicMetrics,name=" + name + ",topic={topic}",
                true,
                1));
    }

    private void ofRequests(String meter, String name, double scale) {
        add(KafkaName.of(
                meter,
                Kind.HISTOGRAM,
                null,
                "kafka.network:type=RequestMetrics,name=" + name + ",request={api}",
                false,
                scale));
    }

    private void ofPartitions(String meter, String name) {
        gauge(meter, "kafka.cluster:type=Partition,name=" + name + ",topic={topic},partition={partition}");
    }

    private void ofLogs(String meter, String name) {
        gauge(meter, "kafka.log:type=Log,name=" + name + ",topic={topic},partition={partition}");
    }

    /** Of something that counts from the start, whether or not anything has happened. */
    private void meter(String meter, String event, String objectName) {
        add(KafkaName.of(meter, Kind.METER, event, objectName, true, 1));
    }

    private void gauge(String meter, String objectName) {
        of(meter, Kind.GAUGE, null, objectName);
    }

    private void share(String meter, String objectName) {
        add(KafkaName.of(meter, Kind.SHARE, null, objectName, false, MILLIONTHS));
    }

    private void of(String meter, Kind kind, String event, String objectName) {
        add(KafkaName.of(meter, kind, event, objectName, false, kind == Kind.TIMER ? NS_TO_MS : 1));
    }

    private void add(KafkaName name) {
        byMeter.computeIfAbsent(name.meter(), any -> new ArrayList<>()).add(name);
    }
}
