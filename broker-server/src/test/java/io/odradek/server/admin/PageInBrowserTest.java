package io.odradek.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.server.logging.RecentWarnings;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser. What it looks like is left in {@code target/page}, for people to look at. */
class PageInBrowserTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path PICTURES = Path.of("target", "page");
    private static final String ATTACK = "<img src=x onerror=\"window.struck=1\"><script>window.struck=1</script>";
    private static final String RECORDS =
            "return [...document.querySelectorAll('.records li')].map(record => record.dataset.key).join(' ')";
    private static final long MINUTE_MS = 60_000;

    @TempDir
    private static Path folder;

    private static WatchedBroker broker;
    private static Browser browser;
    private static KafkaConsumer<String, String> reader;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start(folder.resolve("profile"));
        broker = WatchedBroker.start(folder.resolve("data"));
        fill(new Clients(broker));
    }

    @AfterAll
    static void stop() throws Exception {
        if (reader != null) {
            reader.close();
        }
        if (broker != null) {
            broker.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    private static void fill(Clients clients) throws Exception {
        clients.create("customers", 3, Map.of("cleanup.policy", "compact"));
        clients.create("orders", 3, Map.of("retention.ms", "259200000", "compression.type", "lz4"));
        clients.create("thumbnails", 1, Map.of());
        clients.create("empty", 1, Map.of());
        clients.create("attack", 1, Map.of());
        long now = System.currentTimeMillis();
        try (KafkaProducer<String, String> producer = clients.producer(Map.of("linger.ms", "20"))) {
            for (int i = 0; i < 60; i++) {
                String value = "{\"order\":" + (4_700 + i) + ",\"customer\":\"c-" + i % 7
                        + "\",\"items\":[{\"article\":\"lamp\",\"count\":" + (1 + i % 3) + "}],\"total\":" + (19 + i)
                        + ".90}";
                ProducerRecord<String, String> order =
                        new ProducerRecord<>("orders", i % 3, now - (60 - i) * MINUTE_MS, "c-" + i % 7, value);
                order.headers().add("trace", ("4bf92f35-" + i).getBytes());
                producer.send(order);
                producer.send(new ProducerRecord<>(
                        "customers", i % 3, "c-" + i % 7, i % 5 == 4 ? null : "Customer " + i % 7));
            }
            producer.send(new ProducerRecord<>("thumbnails", "lamp", "\u0000\u0001\u0002PNG\u0007"));
            ProducerRecord<String, String> attack = new ProducerRecord<>("attack", ATTACK, ATTACK);
            attack.headers().add(ATTACK, ATTACK.getBytes());
            producer.send(attack).get(60, SECONDS);
        }
        clients.member("shipping", "customers", 60).close();
        clients.member(ATTACK, "attack", 1).close();
        reader = clients.member("billing", "orders", 20);
    }

    @Test
    void topicsGroupsBrokersAndWarningsAreShown() throws Exception {
        browser.size(1280, 900);
        show("/topics", "orders", "thumbnails", "5 topics");
        picture("topics");
        show("/topics/orders", "Partitions", "Last records", "4759", "retention.ms", "4bf92f35-59");
        picture("topic");
        show("/topics/orders?as=json&partition=1", "\"article\": \"lamp\"");
        show("/topics/thumbnails", "00 01 02 50 4e 47 07");
        show("/topics/empty", "There are no records here.");
        show("/groups", "billing", "shipping", "3 groups");
        picture("groups");
        show("/groups/billing", "Positions", "reader", "40");
        picture("group");
        show("/brokers", "this one", folder.resolve("data").toString());
        picture("brokers");
        show("/topics/none", "There is no topic none");
        show("/nonsense", "There is nothing here");
        assertThat(browser.complaints())
                .filteredOn(complaint -> !complaint.contains("404"))
                .isEmpty();
    }

    @Test
    void whatClientsWriteIsShownAsItIsAndDoesNothing() throws Exception {
        show("/topics/attack", ATTACK);
        show("/topics/attack?as=json", ATTACK);
        show("/groups", ATTACK);
        browser.run("[...document.querySelectorAll('main a')].find(a => a.textContent.startsWith('<img')).click()");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(browser.run("return document.querySelector('h1').textContent"))
                        .isEqualTo(ATTACK));
        show("/topics?match=" + URLEncoder.encode(ATTACK, UTF_8), "No topic has");
        assertThat(browser.run("return window.struck === undefined")).isEqualTo(true);
        assertThat(browser.run("return document.querySelectorAll('main img, main script').length"))
                .isEqualTo(0L);
    }

    @Test
    void aRefreshMovesNothingAndTakesNothingAwayFromWhoIsAtIt() throws Exception {
        browser.size(1280, 900);
        show("/topics/orders", "Last records");
        browser.run("document.querySelector('details').open = true; document.getElementById('offset').focus();"
                + "window.scrollTo(0, 300); window.before = document.querySelector('.records');"
                + "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value))"
                + ".observe({ type: 'layout-shift' }); performance.clearResourceTimings();");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(browser.run("return performance.getEntriesByType('resource').length > 4"))
                                .isEqualTo(true));

        assertThat(browser.run("return document.activeElement.id")).isEqualTo("offset");
        assertThat(browser.run("return document.querySelector('details').open")).isEqualTo(true);
        assertThat(browser.run("return window.scrollY")).isEqualTo(300L);
        assertThat(browser.run("return window.before === document.querySelector('.records')"))
                .isEqualTo(true);
        assertThat(browser.run("return window.shift < 0.01")).isEqualTo(true);
    }

    @Test
    void itFitsAPhoneAndTheDark() throws Exception {
        browser.dark(true);
        browser.size(390, 844);
        for (String view : List.of("topics", "topics/orders", "groups", "groups/billing", "brokers", "warnings")) {
            show("/" + view);
            picture("phone-" + view.replace('/', '-'));
            assertThat(browser.run("return document.documentElement.scrollWidth <= 390"))
                    .as(view)
                    .isEqualTo(true);
        }
        browser.dark(false);
    }

    @Test
    void whatIsAskedForIsInTheAddress() throws Exception {
        show("/topics/orders", "Last records");
        browser.run("const at = document.getElementById('partition'); at.value = '2';"
                + " at.dispatchEvent(new Event('change', { bubbles: true }))");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(browser.run("return location.hash")).isEqualTo("#/topics/orders?partition=2"));
        show("/topics/orders?partition=2", "offsets 0 to 20");
        assertThat(browser.run(RECORDS))
                .asString()
                .startsWith("2-19 2-18 ")
                .endsWith(" 2-0")
                .doesNotContain("0-19");

        browser.run("const at = document.getElementById('offset'); at.value = '5';"
                + " at.dispatchEvent(new Event('change', { bubbles: true }))");
        show("/topics/orders?partition=2&offset=5", "Records from offset 5");
        assertThat(browser.run(RECORDS)).asString().startsWith("2-5 2-6 ");
        browser.run("[...document.querySelectorAll('main a')].find(a => a.textContent === 'Older records').click()");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(browser.run(RECORDS)).asString().startsWith("2-0 2-1 "));
    }

    @Test
    void warningsOfTheDistributionAreShown() throws Exception {
        show("/warnings", "This broker’s log belongs to the program that it runs in");
        RecentWarnings.keep();
        try {
            Logger.getLogger("io.odradek.Sample").warning("Something <b>odd</b> has happened");
            show("/warnings", "Something <b>odd</b> has happened", "Sample");
            picture("warnings");
        } finally {
            RecentWarnings.keepNoMore();
        }
    }

    private static void show(String view, String... expected) throws IOException, InterruptedException {
        browser.open(broker.address() + "/#" + view);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(browser.run("return document.getElementById('main').dataset.address === location.hash"))
                    .isEqualTo(true);
            for (String text : expected) {
                assertThat(browser.text()).contains(text);
            }
            assertThat(browser.run("return document.getElementById('trouble').hidden"))
                    .isEqualTo(true);
        });
    }

    private static void picture(String name) throws IOException, InterruptedException {
        browser.screenshot(PICTURES.resolve(name + ".png"));
    }
}
