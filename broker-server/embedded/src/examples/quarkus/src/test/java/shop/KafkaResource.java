package shop;

import io.odradek.server.embedded.EmbeddedBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Starts a broker before the application, which it tells of it, and stops it after. */
public class KafkaResource implements QuarkusTestResourceLifecycleManager {
    private EmbeddedBroker broker;

    @Override
    public Map<String, String> start() {
        broker = EmbeddedBroker.builder().topic("orders", 3).start();
        return Map.of("kafka.bootstrap.servers", broker.bootstrapServers());
    }

    @Override
    public void stop() {
        broker.close();
    }

    @Override
    public void inject(TestInjector tests) {
        tests.injectIntoFields(broker, new TestInjector.MatchesType(EmbeddedBroker.class));
    }
}
