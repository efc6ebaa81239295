package io.odradek.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.WireReader;
import io.odradek.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class ApiCodecsTest {
    @Test
    void theKeysAreThoseOfKafka() {
        for (ApiKey key : ApiKey.values()) {
            assertThat(ApiKey.of(key.key())).isSameAs(key);
            if (ApiKeys.hasId(key.key())) {
                String plain = key.name().replace("_", "");
                assertThat(ApiKeys.forId(key.key()).name.toUpperCase(java.util.Locale.ROOT))
                        .isEqualTo(plain);
            }
        }
        assertThat(ApiKey.of((short) -1)).isNull();
        assertThat(ApiKey.of((short) 1000)).isNull();
    }

    @Test
    void aRequestGoesThroughTheRegistryAndBack() {
        ApiRequest request = new ListGroupsRequest(java.util.List.of("Stable"), java.util.List.of());
        WireWriter out = WireWriter.heap(64);

        ApiCodecs.writeRequest(request, (short) 4, out);

        WireReader in = new WireReader(out.finishUnframed());
        assertThat(ApiCodecs.key(request)).isEqualTo(ApiKey.LIST_GROUPS);
        assertThat(ApiCodecs.readRequest(ApiKey.LIST_GROUPS, (short) 4, in)).isEqualTo(request);
        in.expectEnd();
    }

    @Test
    void bytesThatAClientLeavesBehindARequestAreNotPartOfIt() {
        // As librdkafka since 2.1 asks for all topics: three bytes too many.
        ByteBuffer frame = ByteBuffer.wrap(HexFormat.of()
                .parseHex("0003" + "000c" + "00000003" + "0007" + "72646b61666b61" + "00" + "0000000001" + "0000"));
        WireReader in = new WireReader(frame);

        RequestHeader header = RequestHeaderCodec.read(in, ApiCodecs.requestHeaderVersion(ApiKey.METADATA, (short) 12));
        ApiRequest request = ApiCodecs.readRequest(ApiKey.METADATA, (short) 12, in);

        assertThat(header).isEqualTo(new RequestHeader((short) 3, (short) 12, 3, "rdkafka"));
        assertThat(request).isEqualTo(new MetadataRequest(null, false, false, false));
        assertThat(in.remaining()).isEqualTo(3);
    }

    @Test
    void theThrottleTimeIsThatGivenToTheWriter() {
        HeartbeatResponse response = new HeartbeatResponse(ErrorCode.NONE);
        WireWriter throttled = WireWriter.heap(64);
        WireWriter tooOld = WireWriter.heap(64);

        ApiCodecs.writeResponse(response, (short) 1, 1500, throttled);
        ApiCodecs.writeResponse(response, (short) 0, 1500, tooOld);

        assertThat(throttled.finishUnframed())
                .isEqualTo(ByteBuffer.wrap(HexFormat.of().parseHex("000005dc" + "0000")));
        assertThat(tooOld.finishUnframed())
                .isEqualTo(ByteBuffer.wrap(HexFormat.of().parseHex("0000")));
    }

    @Test
    void aFailureNamesThePathOfItsField() {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        bytes.putShort((short) -1).putShort((short) 1).putInt(1000).putInt(1);
        bytes.putShort((short) 1)
                .put((byte) 't')
                .putInt(1)
                .putInt(0)
                .putInt(5000)
                .limit(40)
                .position(0);

        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> ApiCodecs.readRequest(ApiKey.PRODUCE, (short) 3, new WireReader(bytes)))
                .withMessageStartingWith("ProduceRequest.topicData[0].partitionData[0].records: ");
    }

    @Test
    void versionsThatAreNotDeclaredAreRefused() {
        WireReader in = new WireReader(ByteBuffer.allocate(64));

        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> ApiCodecs.readRequest(ApiKey.PRODUCE, (short) 99, in));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiCodecs.readRequest(ApiKey.CONSUMER_GROUP_DESCRIBE, (short) 0, in));
    }
}
