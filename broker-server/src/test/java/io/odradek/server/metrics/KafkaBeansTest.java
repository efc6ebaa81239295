package io.odradek.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import java.lang.management.ManagementFactory;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes and goes, as whoever looks over JMX sees it. */
class KafkaBeansTest {
    private static final String TOPIC = "kafka.beans.test";
    private static final String RECORDS = "kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,topic=" + TOPIC;
    private static final String END = "kafka.log:type=Log,name=LogEndOffset,topic=" + TOPIC + ",partition=0";

    private static final String ERRORS =
            "kafka.network:type=RequestMetrics,name=ErrorsPerSec,request=Produce,error=" + TOPIC;

    private final StandingClock clock = new StandingClock();
    private final BrokerRegistry registry = new BrokerRegistry(clock);
    private final Meters meters = MicrometerMeters.of(registry);
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final KafkaBeans beans = new KafkaBeans(registry);

    @AfterEach
    void forget() {
        beans.close();
    }

    @Test
    void aTopicThatWasMadeAnewSinceTheLastLookIsTheNewOne() throws Exception {
        Meters.Counter records = meters.counter("topic.records.in", "topic", TOPIC);
        Meters.Gauge end = end(10);
        records.add(10);
        beans.look();
        assertThat(value(RECORDS, "Count")).isEqualTo(10L);
        assertThat(value(END, "Value")).isEqualTo(10L);

        records.close();
        end.close();
        meters.counter("topic.records.in", "topic", TOPIC).add(7);
        end(7);
        beans.look();

        assertThat(value(RECORDS, "Count")).isEqualTo(7L);
        assertThat(value(END, "Value")).isEqualTo(7L);
    }

    @Test
    void ofTwoWhoShowTheSameTheLaterOneIsHeard() throws Exception {
        end(1);
        beans.look();
        end(2);
        beans.look();

        assertThat(value(END, "Value")).isEqualTo(2L);
    }

    @Test
    void theFirstEventsOfAKindCountInItsRates() throws Exception {
        beans.look();
        meters.counter("request.errors", "api", "PRODUCE", "error", TOPIC).add(60);
        beans.look();
        clock.nowNs += 6_000_000_000L;
        beans.look();

        assertThat(value(ERRORS, "OneMinuteRate")).isEqualTo(10.0);
        clock.nowNs += 6_000_000_000L;
        assertThat(value(ERRORS, "MeanRate")).isEqualTo(5.0);
    }

    @Test
    void severalMetersMayBeAttributesOfOneAndComeAndGoEachByItself() throws Exception {
        String produce = "kafka.server:type=Produce,client-id=" + TOPIC;
        Meters.Gauge rate = meters.gauge("quota.produce.rate", () -> 1_500, "user", "", "client-id", TOPIC);
        Meters.Gauge throttle = meters.gauge("quota.produce.throttle", () -> 20_000, "user", "", "client-id", TOPIC);
        beans.look();
        beans.look();
        assertThat(value(produce, "byte-rate")).isEqualTo(1.5);
        assertThat(value(produce, "throttle-time")).isEqualTo(20.0);
        assertThat(server.getMBeanInfo(new ObjectName(produce)).getAttributes()).hasSize(2);

        rate.close();
        beans.look();
        beans.look();
        assertThat(value(produce, "throttle-time")).isEqualTo(20.0);
        assertThatThrownBy(() -> value(produce, "byte-rate")).isInstanceOf(AttributeNotFoundException.class);

        throttle.close();
        beans.look();
        beans.look();
        assertThatThrownBy(() -> value(produce, "throttle-time")).isInstanceOf(InstanceNotFoundException.class);
    }

    @Test
    void whatIsGoneIsForgotten() throws Exception {
        Meters.Gauge end = end(1);
        beans.look();
        end.close();
        beans.look();

        assertThatThrownBy(() -> value(END, "Value")).isInstanceOf(InstanceNotFoundException.class);
    }

    private Meters.Gauge end(long offset) {
        return meters.gauge("log.end.offset", () -> offset, "topic", TOPIC, "partition", "0");
    }

    private Object value(String bean, String attribute) throws Exception {
        return server.getAttribute(new ObjectName(bean), attribute);
    }

    /** Goes on when it is told to. */
    private static final class StandingClock implements Clock {
        private long nowNs = 1;

        @Override
        public long wallMs() {
            return nowNs / 1_000_000;
        }

        @Override
        public long monotonicNs() {
            return nowNs;
        }
    }
}
