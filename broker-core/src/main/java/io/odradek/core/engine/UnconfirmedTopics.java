package io.odradek.core.engine;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.storage.log.LogSetting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Topics whose settings were lost on the way here: at each start the log says which they are, and what to do. */
final class UnconfirmedTopics {
    private static final Logger LOG = LoggerFactory.getLogger(UnconfirmedTopics.class);

    private UnconfirmedTopics() {}

    static void warn(MetadataImage image) {
        for (TopicInfo topic : image.topics().values()) {
            if (Boolean.parseBoolean(topic.config().get(LogSetting.UNCONFIRMED))) {
                LOG.warn(
                        "The settings of topic {} are not known, and nothing of it is deleted or compacted, nor a segment"
                                + " ended for its age, until they are confirmed. Any change of its settings does that, such"
                                + " as: kafka-configs.sh --alter --entity-type topics --entity-name {} --add-config"
                                + " cleanup.policy=delete,retention.ms=604800000; or name the ZooKeeper of its former cluster"
                                + " in odradek.adopt.zookeeper.connect and start again",
                        topic.name(),
                        topic.name());
            }
        }
    }
}
