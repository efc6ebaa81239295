package io.odradek.server.errors;

import static io.odradek.protocol.errors.ErrorCode.INVALID_CONFIG;
import static io.odradek.protocol.errors.ErrorCode.INVALID_REQUEST;
import static io.odradek.protocol.errors.ErrorCode.INVALID_TOPIC_EXCEPTION;
import static io.odradek.protocol.errors.ErrorCode.MISMATCHED_ENDPOINT_TYPE;
import static io.odradek.protocol.errors.ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
import static io.odradek.protocol.errors.ErrorCode.UNSUPPORTED_ENDPOINT_TYPE;
import static io.odradek.protocol.errors.ErrorCode.UNSUPPORTED_VERSION;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.protocol.api.AlterConfigsRequest;
import io.odradek.protocol.api.AlterConfigsRequest.AlterConfigsResource;
import io.odradek.protocol.api.AlterConfigsRequest.AlterableConfig;
import io.odradek.protocol.api.DescribeClusterRequest;
import io.odradek.protocol.api.DescribeConfigsRequest;
import io.odradek.protocol.api.DescribeConfigsRequest.DescribeConfigsResource;
import io.odradek.protocol.api.EnvelopeRequest;
import io.odradek.protocol.api.EnvelopeResponse;
import io.odradek.protocol.api.IncrementalAlterConfigsRequest;
import io.odradek.protocol.api.ListConfigResourcesRequest;
import io.odradek.protocol.api.UpdateFeaturesRequest;
import io.odradek.protocol.api.UpdateFeaturesRequest.FeatureUpdateKey;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is refused of those who look at settings and change them, and who ask for what a cluster can do. */
@Timeout(120)
class ConfigErrorsTest {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte LOGGER = 8;
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private static ErrorsBed bed;
    private static String id;

    @BeforeAll
    static void start() throws Exception {
        bed = ErrorsBed.start();
        id = Integer.toString(bed.brokerId());
        bed.create("t", 1);
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    private static void describe(int type, String name, ErrorCode... expected) throws IOException {
        DescribeConfigsRequest request = new DescribeConfigsRequest(
                List.of(new DescribeConfigsResource((byte) type, name, List.of("retention.ms"))), false, false);
        bed.expect(request, 1, expected);
        bed.expect(request, 4, expected);
    }

    @Test
    void resourcesThatCannotBeDescribed() throws IOException {
        describe(TOPIC, "t");
        describe(TOPIC, "none", UNKNOWN_TOPIC_OR_PARTITION);
        describe(TOPIC, "", INVALID_TOPIC_EXCEPTION);
        describe(TOPIC, "a b", INVALID_TOPIC_EXCEPTION);
        describe(TOPIC, "..", INVALID_TOPIC_EXCEPTION);
        describe(TOPIC, "x".repeat(250), INVALID_TOPIC_EXCEPTION);
        describe(BROKER, "7", INVALID_REQUEST);
        describe(BROKER, "-1", INVALID_REQUEST);
        describe(BROKER, "one", INVALID_REQUEST);
        describe(BROKER, "");
        describe(LOGGER, "7", INVALID_REQUEST);
        describe(LOGGER, "one", INVALID_REQUEST);
        describe(LOGGER, "", INVALID_REQUEST);
        for (int type : new int[] {0, 1, 3, 5, 64, -1}) {
            describe(type, "t", INVALID_REQUEST);
        }
        bed.expect(new DescribeConfigsRequest(List.of(), false, false), 4);
    }

    private static AlterConfigsResource all(int type, String name, String... settings) {
        List<AlterableConfig> configs = new ArrayList<>();
        for (int i = 0; i < settings.length; i += 2) {
            configs.add(new AlterableConfig(settings[i], settings[i + 1]));
        }
        return new AlterConfigsResource((byte) type, name, configs);
    }

    private static void replace(ErrorCode error, AlterConfigsResource... resources) throws IOException {
        for (boolean validateOnly : new boolean[] {true, false}) {
            AlterConfigsRequest request = new AlterConfigsRequest(List.of(resources), validateOnly);
            bed.expect(request, 1, error);
            bed.expect(request, 2, error);
        }
    }

    @Test
    void settingsThatCannotBeReplaced() throws IOException {
        replace(UNKNOWN_TOPIC_OR_PARTITION, all(TOPIC, "none", "retention.ms", "1"));
        replace(UNKNOWN_TOPIC_OR_PARTITION, all(TOPIC, "a b", "retention.ms", "1"));
        replace(INVALID_REQUEST, all(TOPIC, "", "retention.ms", "1"));
        replace(INVALID_CONFIG, all(TOPIC, "t", "no.such.setting", "1"));
        replace(INVALID_CONFIG, all(TOPIC, "t", "", "1"));
        replace(INVALID_CONFIG, all(TOPIC, "t", "retention.ms", "soon"));
        replace(INVALID_CONFIG, all(TOPIC, "t", "cleanup.policy", "shred"));
        replace(INVALID_REQUEST, all(TOPIC, "t", "retention.ms", null));
        replace(INVALID_REQUEST, all(BROKER, "7", "log.retention.ms", "1"));
        replace(INVALID_REQUEST, all(BROKER, "one", "log.retention.ms", "1"));
        replace(INVALID_REQUEST, all(BROKER, id, "broker.id", "9"));
        replace(INVALID_REQUEST, all(BROKER, id, "log.retention.ms", "soon"));
        replace(INVALID_REQUEST, all(LOGGER, id, "root", "INFO"));
        for (int type : new int[] {0, 1, 3, 64, -1}) {
            replace(INVALID_REQUEST, all(type, "t", "retention.ms", "1"));
        }
        bed.expect(new AlterConfigsRequest(List.of(), false), 2);
    }

    private static IncrementalAlterConfigsRequest.AlterConfigsResource change(
            int type, String name, int operation, String setting, String value) {
        return new IncrementalAlterConfigsRequest.AlterConfigsResource(
                (byte) type,
                name,
                List.of(new IncrementalAlterConfigsRequest.AlterableConfig(setting, (byte) operation, value)));
    }

    private static void alter(ErrorCode error, IncrementalAlterConfigsRequest.AlterConfigsResource... resources)
            throws IOException {
        for (boolean validateOnly : new boolean[] {true, false}) {
            IncrementalAlterConfigsRequest request =
                    new IncrementalAlterConfigsRequest(List.of(resources), validateOnly);
            bed.expect(request, 0, error);
            bed.expect(request, 1, error);
        }
    }

    @Test
    void settingsThatCannotBeChanged() throws IOException {
        alter(UNKNOWN_TOPIC_OR_PARTITION, change(TOPIC, "none", SET, "retention.ms", "1"));
        alter(INVALID_REQUEST, change(TOPIC, "", SET, "retention.ms", "1"));
        alter(INVALID_CONFIG, change(TOPIC, "t", SET, "no.such.setting", "1"));
        alter(INVALID_CONFIG, change(TOPIC, "t", SET, "retention.ms", "soon"));
        alter(INVALID_CONFIG, change(TOPIC, "t", APPEND, "retention.ms", "1"));
        alter(INVALID_CONFIG, change(TOPIC, "t", SUBTRACT, "retention.ms", "1"));
        alter(INVALID_REQUEST, change(TOPIC, "t", SET, "retention.ms", null));
        alter(INVALID_REQUEST, change(TOPIC, "t", APPEND, "cleanup.policy", null));
        if (!ErrorsBed.KAFKA) {
            alter(INVALID_REQUEST, change(TOPIC, "t", 9, "retention.ms", "1"));
            alter(INVALID_REQUEST, change(TOPIC, "t", -1, "retention.ms", "1"));
        }
        alter(INVALID_REQUEST, change(BROKER, "7", SET, "log.retention.ms", "1"));
        alter(INVALID_REQUEST, change(BROKER, "one", SET, "log.retention.ms", "1"));
        alter(INVALID_REQUEST, change(BROKER, id, SET, "broker.id", "9"));
        alter(INVALID_REQUEST, change(BROKER, id, SET, "log.retention.ms", "soon"));
        alter(INVALID_REQUEST, change(LOGGER, "7", SET, "root", "INFO"));
        alter(INVALID_REQUEST, change(LOGGER, id, APPEND, "root", "INFO"));
        for (int type : new int[] {0, 1, 3, 64, -1}) {
            alter(INVALID_REQUEST, change(type, "t", SET, "retention.ms", "1"));
        }
        bed.expect(new IncrementalAlterConfigsRequest(List.of(), false), 1);
    }

    @Test
    void aResourceOrASettingThatIsNamedTwice() throws IOException {
        AlterConfigsResource resource = all(TOPIC, "t", "retention.ms", "1");
        bed.expectHere(
                new AlterConfigsRequest(List.of(resource, resource), false), 2, INVALID_REQUEST, INVALID_REQUEST);
        var one = change(TOPIC, "t", SET, "retention.ms", "1");
        bed.expect(new IncrementalAlterConfigsRequest(List.of(one, one), false), 1, INVALID_REQUEST, INVALID_REQUEST);
        var setting = new IncrementalAlterConfigsRequest.AlterableConfig("retention.ms", DELETE, null);
        var twice = new IncrementalAlterConfigsRequest.AlterConfigsResource(TOPIC, "t", List.of(setting, setting));
        bed.expect(new IncrementalAlterConfigsRequest(List.of(twice), false), 1, INVALID_REQUEST);
    }

    @Test
    void loggersAndLevelsThatThereAreNot() throws IOException {
        alter(INVALID_CONFIG, change(LOGGER, id, SET, "no.such.logger", "INFO"));
        alter(INVALID_CONFIG, change(LOGGER, id, SET, "root", "LOUD"));
    }

    @Test
    void featuresThatThereAreNot() throws IOException {
        bed.expect(
                new UpdateFeaturesRequest(
                        1_000, List.of(new FeatureUpdateKey("metadata.version", (short) 5, false, (byte) 1)), false),
                1,
                INVALID_REQUEST);
        bed.expect(
                new UpdateFeaturesRequest(1_000, List.of(new FeatureUpdateKey("", (short) -1, false, (byte) 9)), false),
                1,
                INVALID_REQUEST);
        bed.expect(new UpdateFeaturesRequest(1_000, List.of(), false), 1);
    }

    @Test
    void endpointsThatABrokerDoesNotKnow() throws IOException {
        bed.expect(new DescribeClusterRequest(false, (byte) 2), 1, MISMATCHED_ENDPOINT_TYPE);
        for (int type : new int[] {0, 3, -1}) {
            bed.expect(new DescribeClusterRequest(false, (byte) type), 1, UNSUPPORTED_ENDPOINT_TYPE);
        }
    }

    @Test
    void kindsOfResourcesThatThereAreNot() throws IOException {
        bed.expectHere(new ListConfigResourcesRequest(List.of((byte) 77)), 1, UNSUPPORTED_VERSION);
    }

    /** With Kafka too: it lists the API, and hangs up on who uses it. */
    @Test
    void envelopesWhereNobodyOpensThem() throws IOException {
        ByteBuffer nothing = ByteBuffer.allocate(0);
        RawClient client = bed.connect();

        assertThatThrownBy(() -> client.ask(
                        new EnvelopeRequest(nothing, null, ByteBuffer.wrap(new byte[4])), 0, EnvelopeResponse.class))
                .isInstanceOf(IOException.class);
    }
}
