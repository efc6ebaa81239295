package io.odradek.server.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BrokerPlanTest {
    @OdradekTest(topics = "orders:three")
    private static final class WrongTopic {}

    @OdradekTest(settings = "log.retention.ms")
    private static final class WrongSetting {}

    @OdradekTest(sasl = "PLAIN")
    private static final class WrongLogin {}

    private static void plan(Class<?> test) {
        BrokerPlan.of(test.getAnnotation(OdradekTest.class));
    }

    @Test
    void whatIsMisspelledIsSaid() {
        assertThatThrownBy(() -> plan(WrongTopic.class))
                .hasMessage("A topic is \"name\" or \"name:partitions\", not \"orders:three\"");
        assertThatThrownBy(() -> plan(WrongSetting.class))
                .hasMessage("A setting is \"name=value\", not \"log.retention.ms\"");
        assertThatThrownBy(() -> plan(WrongLogin.class))
                .hasMessage("A login is \"mechanism:user:password\", such as \"PLAIN:alice:secret\", not \"PLAIN\"");
    }
}
