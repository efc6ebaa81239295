package io.odradek.protocol.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.ApiCodecs;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Error answers to random requests of every declared version, against those of Apache Kafka 3.9.2, and 4.4.0 where that one is too old. */
class ErrorAnswersTest {
    private static final int ROUNDS = 10;
    private static final String MESSAGE = "not for you";

    private final Random random = Seed.random("ErrorAnswersTest");
    private final KafkaMessages newest = KafkaMessages.newest();
    private final KafkaMessages older = KafkaMessages.older();

    ErrorAnswersTest() throws Exception {}

    @TestFactory
    List<DynamicTest> errorAnswersAreThoseOfKafka() throws Exception {
        Map<String, DeclaredMessage> messages = new java.util.HashMap<>();
        for (DeclaredMessage message : DeclaredMessage.all()) {
            messages.put(message.name(), message);
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (DeclaredMessage request : DeclaredMessage.all()) {
            if (ApiRequest.class.isAssignableFrom(request.type())) {
                DeclaredMessage response = messages.get(request.name().replace("Request", "Response"));
                for (short v = request.minVersion(); v <= request.maxVersion(); v++) {
                    short version = v;
                    tests.add(
                            DynamicTest.dynamicTest(request.name() + " " + v, () -> check(request, response, version)));
                }
            }
        }
        return tests;
    }

    private void check(DeclaredMessage request, DeclaredMessage response, short version) throws Exception {
        KafkaMessages kafka = older.schema(request.name(), version) == null ? newest : older;
        KafkaRandomMessages requests = new KafkaRandomMessages(kafka, random);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = requests.next(request.name(), version);
            ApiRequest decoded = (ApiRequest) request.decode(bytes, version);
            ApiKey api = ApiCodecs.key(decoded);

            ApiResponse answer =
                    ApiCodecs.errorResponse(api, version, decoded, ErrorCode.CLUSTER_AUTHORIZATION_FAILED, MESSAGE);

            byte[] encoded = response.encode(answer, version);
            Object error = kafka.type("errors.ClusterAuthorizationException")
                    .getConstructor(String.class)
                    .newInstance(MESSAGE);
            Object kafkas = kafka.errorAnswer(api.key(), version, bytes, error);
            Object ours = kafka.answer(api.key(), version, encoded);
            assertThat(errorCounts(ours)).isEqualTo(errorCounts(kafkas));
            assertThat(data(ours))
                    .isEqualTo(kafka.decode(response.name(), kafka.encode(data(kafkas), version), version));
        }
    }

    private static Object errorCounts(Object response) throws ReflectiveOperationException {
        return response.getClass().getMethod("errorCounts").invoke(response);
    }

    private static Object data(Object response) throws ReflectiveOperationException {
        Method data = response.getClass().getMethod("data");
        return data.invoke(response);
    }
}
