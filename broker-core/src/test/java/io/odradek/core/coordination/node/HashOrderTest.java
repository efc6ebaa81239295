package io.odradek.core.coordination.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** That Kafka's nodes are so is seen by tests that have Kafka; here is where the tables grow. */
class HashOrderTest {
    private static List<String> partitions(int count) {
        List<String> partitions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            partitions.add(Integer.toString(i));
        }
        return partitions;
    }

    @Test
    void scalasTableGrowsWhenItIsThreeQuartersFull() {
        // The hashes of 0 and 10 are 48 and 1567: bins 0 and 15 of 16, 16 and 31 of 32.
        assertThat(HashOrder.ofScala(partitions(11))).startsWith("0", "1").endsWith("9", "10");
        // That of 11 is 1568: bin 0 of 32.
        assertThat(HashOrder.ofScala(partitions(12))).startsWith("11", "0", "1").endsWith("9", "10");
        assertThat(HashOrder.ofScala(List.of())).isEmpty();
    }

    @Test
    void namesThatFallIntoOneBinAreInTheOrderOfTheirHashesWithScalaAndInThatOfTheirComingWithJava() {
        // 98 has the hash 1823, 10 has 1567: the last bin of 32, of 64, of 128 and of 256.
        List<String> names = partitions(100);
        names.remove("10");
        names.add("10");
        List<String> scala = List.copyOf(HashOrder.ofScala(names));
        assertThat(scala.indexOf("98")).isEqualTo(scala.indexOf("10") + 1);
        List<String> java = List.copyOf(HashOrder.ofJava(names));
        assertThat(java.indexOf("10")).isEqualTo(java.indexOf("98") + 1);
    }

    /** Up to 20, no two of them fall into one bin. */
    @Test
    void aTableOfTheJdksIsInTheSameOrder() {
        for (int count = 0; count <= 20; count++) {
            Properties table = new Properties();
            List<String> names = partitions(count);
            names.forEach(name -> table.setProperty(name, ""));
            assertThat(HashOrder.ofJava(names)).containsExactlyElementsOf(keys(table));
        }
    }

    private static List<String> keys(Properties table) {
        List<String> keys = new ArrayList<>();
        table.keySet().forEach(key -> keys.add((String) key));
        return keys;
    }
}
