package shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.embedded.EmbeddedBroker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.reactive.function.client.WebClient;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ShopTest {
    private static final EmbeddedBroker BROKER = EmbeddedBroker.start();

    @DynamicPropertySource
    static void kafka(DynamicPropertyRegistry properties) {
        properties.add("spring.kafka.bootstrap-servers", BROKER::bootstrapServers);
    }

    @AfterAll
    static void closeBroker() {
        BROKER.close();
    }

    @LocalServerPort
    private int port;

    @Autowired
    private Delivery delivery;

    @Test
    void whatIsOrderedIsDelivered() throws Exception {
        WebClient.create("http://localhost:" + port)
                .post()
                .uri("/customers/Odradek/orders")
                .bodyValue("some thread")
                .retrieve()
                .toBodilessEntity()
                .block();

        assertThat(delivery.delivered.poll(60, TimeUnit.SECONDS)).isEqualTo("some thread");
    }
}
