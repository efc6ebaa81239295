package io.odradek.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.odradek.server.embedded.EmbeddedCluster;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.admin.UpdateFeaturesResult;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What has no meaning where ZooKeeper is, with each released version of the Java client: in the words that Kafka 3.9.2 has for it. */
@Timeout(120)
class KafkaClientsUnservedTest {
    @Test
    void featuresAndBrokersOfAQuorumAreRefusedAsKafkaRefusesThem() throws Exception {
        assumeFalse(System.getProperty("kafka.clients.version", "").startsWith("2."), "this client does not know them");
        OfAQuorum.areRefused();
    }

    /** Loaded only where the client has what it names. */
    private static final class OfAQuorum {
        static void areRefused() throws Exception {
            try (EmbeddedCluster cluster = EmbeddedCluster.start(2);
                    Admin admin = Admin.create(cluster.clientProperties())) {
                for (boolean validate : new boolean[] {false, true}) {
                    Map<String, FeatureUpdate> updates = new HashMap<>();
                    updates.put("metadata.version", new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.UPGRADE));
                    updates.put("other", new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE));
                    UpdateFeaturesResult result =
                            admin.updateFeatures(updates, new UpdateFeaturesOptions().validateOnly(validate));
                    assertThatThrownBy(() ->
                                    result.values().get("metadata.version").get())
                            .hasCauseInstanceOf(InvalidRequestException.class)
                            .hasMessageContaining(
                                    "Could not apply finalized feature update because the provided feature"
                                            + " is not supported.");
                    assertThatThrownBy(() -> result.values().get("other").get())
                            .hasCauseInstanceOf(InvalidRequestException.class)
                            .hasMessageContaining("Can not delete non-existing finalized feature.");
                }
                assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures())
                        .doesNotContainKeys("metadata.version", "other");
                assertThatThrownBy(() -> admin.unregisterBroker(2).all().get())
                        .hasCauseInstanceOf(UnsupportedVersionException.class)
                        .hasMessageContaining("UNREGISTER_BROKER");
                assertThatThrownBy(() ->
                                admin.describeMetadataQuorum().quorumInfo().get())
                        .hasCauseInstanceOf(UnsupportedVersionException.class);
                assertThat(admin.describeCluster().nodes().get()).hasSize(2);
            }
        }
    }
}
