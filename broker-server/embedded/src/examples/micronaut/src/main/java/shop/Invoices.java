package shop;

import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.micronaut.configuration.kafka.annotation.KafkaKey;
import io.micronaut.configuration.kafka.annotation.Topic;

@KafkaClient
interface Invoices {
    @Topic("invoices")
    void write(@KafkaKey String order, String invoice);
}
