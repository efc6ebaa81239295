package shop;

import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Writes what is ordered to the topic "orders"; answers when it cannot get lost any more. */
@RestController
class OrderController {
    private final KafkaTemplate<String, String> kafka;

    OrderController(KafkaTemplate<String, String> kafka) {
        this.kafka = kafka;
    }

    @PostMapping("/customers/{customer}/orders")
    Mono<Void> place(@PathVariable("customer") String customer, @RequestBody String order) {
        return Mono.fromFuture(kafka.send("orders", customer, order)).then();
    }
}
