package io.odradek.core.controller;

import static io.odradek.core.controller.Known.live;
import static io.odradek.core.controller.Known.t;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordination.node.BrokerNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BrokerNewsTest {
    private final Brokers before =
            Brokers.NONE.replacedBy(live(1, 2, 3)).withFailed(3, List.of(t(0))).withLeaving(3);

    @Test
    void brokersComeAndGo() {
        BrokerNews news = BrokerNews.of(before, live(1, 2, 4));
        assertThat(news.gone()).containsExactly(3);
        assertThat(news.come()).containsExactly(4);
        assertThat(news.again()).isFalse();
        assertThat(news.different()).isTrue();
    }

    @Test
    void whoHasComeBackAsAnotherIsFirstGoneAndThenThere() {
        SortedMap<Integer, LiveBroker> now = live(1, 2);
        now.put(3, Known.broker(500));
        BrokerNews gone = BrokerNews.of(before, now);
        assertThat(gone.gone()).containsExactly(3);
        assertThat(gone.come()).isEmpty();
        assertThat(gone.again()).isTrue();
        Brokers between = before.replacedBy(gone.now());
        assertThat(between.serve(3, t(1))).isFalse();
        BrokerNews come = BrokerNews.of(between, now);
        assertThat(come.come()).containsExactly(3);
        assertThat(come.again()).isFalse();
        assertThat(between.replacedBy(come.now()).electable(3, t(0)))
                .as("with another chance")
                .isTrue();
    }

    @Test
    void whoSaysSomethingElseOfItselfIsTheSame() {
        SortedMap<Integer, LiveBroker> now = live(1, 2, 3);
        now.put(2, new LiveBroker(new BrokerNode(new TreeMap<>(), new TreeMap<>(), "rack", 0), 102));
        BrokerNews news = BrokerNews.of(before, now);
        assertThat(news.gone()).isEmpty();
        assertThat(news.come()).isEmpty();
        assertThat(news.different()).isTrue();
        assertThat(before.replacedBy(news.now()).failed()).containsKey(3);
    }

    @Test
    void nothingNewIsNoNews() {
        assertThat(BrokerNews.of(before, live(1, 2, 3)).different()).isFalse();
    }
}
