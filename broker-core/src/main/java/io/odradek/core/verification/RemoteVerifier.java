package io.odradek.core.verification;

import io.odradek.core.brokers.BrokerLine;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.AddPartitionsToTxnResponse;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Asks the coordinator of another broker: one request at a time, with all questions that have gathered meanwhile. Lives on its
 * loop.
 */
final class RemoteVerifier implements TransactionVerifier {
    private static final int MOST_AT_ONCE = 1_000;

    private final BrokerLine line;
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private boolean underWay;

    /** A question, and who asks. */
    record Asked(TransactionQuestion question, Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {
        void refuse(ErrorCode error) {
            reply.accept(question.all(error));
        }
    }

    RemoteVerifier(BrokerLine line) {
        this.line = line;
    }

    @Override
    public void ask(TransactionQuestion question, Consumer<SortedMap<TopicPartition, ErrorCode>> reply) {
        line.loop().post(() -> {
            waiting.add(new Asked(question, reply));
            send();
        });
    }

    private void send() {
        List<Asked> all = underWay ? List.of() : next();
        if (all.isEmpty()) {
            return;
        }
        underWay = true;
        line.send(ApiKey.ADD_PARTITIONS_TO_TXN, VerificationWire.VERSION, VerificationWire.request(all))
                .whenComplete((answer, failure) -> {
                    underWay = false;
                    try {
                        take(all, answer);
                    } finally {
                        send();
                    }
                });
    }

    /** @param answer null if there was none */
    private static void take(List<Asked> all, BrokerAnswer answer) {
        if (answer == null) {
            all.forEach(asked -> asked.refuse(ErrorCode.NETWORK_EXCEPTION));
            return;
        }
        try (answer) {
            VerificationWire.tell(all, (AddPartitionsToTxnResponse) answer.response());
        }
    }

    /** {@return what goes into one request: of each transactional id what asks alike, as the answer names it by that} */
    private List<Asked> next() {
        List<Asked> all = new ArrayList<>();
        TreeMap<String, TransactionQuestion> byId = new TreeMap<>();
        while (!waiting.isEmpty() && all.size() < MOST_AT_ONCE) {
            TransactionQuestion question = waiting.peekFirst().question();
            TransactionQuestion before = byId.putIfAbsent(question.transactionalId(), question);
            if (before != null && !before.asksAlike(question)) {
                return all;
            }
            all.add(waiting.removeFirst());
        }
        return all;
    }
}
