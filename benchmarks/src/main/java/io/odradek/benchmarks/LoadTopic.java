package io.odradek.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topic of one replica that a load is written to. */
final class LoadTopic {
    private LoadTopic() {}

    /** Creates it, unless it is there. @param server {@code host:port} */
    static void create(String server, String topic, int partitions) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, server))) {
            NewTopic created = new NewTopic(topic, partitions, (short) 1).configs(Map.of("file.delete.delay.ms", "0"));
            admin.createTopics(List.of(created)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** Deletes it: what has not been written back to the disk by then need not be, and burdens no measurement after it. */
    static void delete(String server, String topic) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, server))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }
}
