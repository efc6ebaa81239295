import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Transactions of the first Java client that had them, in the steps of ForeignTransactionsTest: prints each step when it is done,
 * and waits for a line of input after "open" and "restart".
 *
 * <p>usage: java OldestTransactions.java BOOTSTRAP (topics t with 3 partitions, in with 1 and wide with 200 are there)
 */
public final class OldestTransactions {
    private static String bootstrap;

    public static void main(String[] arguments) throws Exception {
        bootstrap = arguments[0];
        KafkaProducer<String, String> slow = started("slow", 5_000);
        slow.beginTransaction();
        send(slow, "too late");

        KafkaProducer<String, String> plain = started("plain", 60_000);
        plain.beginTransaction();
        send(plain, "committed 0", "committed 1", "committed 2", "committed 3");
        plain.commitTransaction();
        plain.beginTransaction();
        send(plain, "aborted 0", "aborted 1");
        plain.abortTransaction();
        System.out.println("ended");

        for (int position : new int[] {5, 9}) {
            plain.beginTransaction();
            send(plain, "with position " + position);
            TopicPartition in = new TopicPartition("in", 0);
            plain.sendOffsetsToTransaction(Collections.singletonMap(in, new OffsetAndMetadata(position)), "copiers");
            if (position == 5) {
                plain.commitTransaction();
            } else {
                plain.abortTransaction();
            }
        }
        System.out.println("positions");

        KafkaProducer<String, String> zombie = started("shared", 60_000);
        zombie.beginTransaction();
        send(zombie, "of a zombie");
        KafkaProducer<String, String> heir = started("shared", 60_000);
        checkRefused(zombie);
        heir.beginTransaction();
        send(heir, "of its heir");
        heir.commitTransaction();
        System.out.println("fenced");

        plain.beginTransaction();
        for (int i = 0; i < 200; i++) {
            plain.send(new ProducerRecord<>("wide", i, null, "wide " + i));
        }
        plain.commitTransaction();
        System.out.println("wide");

        System.out.println("open");
        awaitLine();
        checkRefused(slow);
        System.out.println("timed out");

        plain.beginTransaction();
        send(plain, "before");
        System.out.println("restart");
        awaitLine();
        send(plain, "after");
        plain.commitTransaction();
        System.out.println("restarted");
        System.exit(0);
    }

    private static KafkaProducer<String, String> started(String id, int timeoutMs) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("transactional.id", id);
        settings.put("transaction.timeout.ms", timeoutMs);
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void send(KafkaProducer<String, String> producer, String... values) throws Exception {
        for (int i = 0; i < values.length; i++) {
            producer.send(new ProducerRecord<>("t", i % 3, null, values[i])).get();
        }
    }

    private static void checkRefused(KafkaProducer<String, String> producer) {
        try {
            producer.commitTransaction();
        } catch (KafkaException expected) {
            return;
        }
        throw new IllegalStateException("what was aborted has been committed");
    }

    private static void awaitLine() throws Exception {
        while (System.in.read() != '\n') {}
    }
}
