package shop;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Delivers what was ordered. */
@Component
class Delivery {
    final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();

    @KafkaListener(topics = "orders", groupId = "delivery", properties = "auto.offset.reset=earliest")
    void deliver(String order) {
        delivered.add(order);
    }
}
