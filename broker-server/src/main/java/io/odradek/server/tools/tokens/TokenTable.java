package io.odradek.server.tools.tokens;

import io.odradek.server.tools.Terminal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.apache.kafka.common.security.token.delegation.TokenInformation;

/** Tokens, with their secrets, as Kafka 3.9 shows them. */
record TokenTable(Terminal terminal) {
    private static final String ROW = "\n%-15s %-30s %-15s %-15s %-25s %-15s %-15s %-15s";
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    static String date(long atMs) {
        return DATE.format(Instant.ofEpochMilli(atMs));
    }

    void print(List<DelegationToken> tokens) {
        row("TOKENID", "HMAC", "OWNER", "REQUESTER", "RENEWERS", "ISSUEDATE", "EXPIRYDATE", "MAXDATE");
        tokens.stream()
                .sorted(Comparator.comparing(
                                (DelegationToken token) -> token.tokenInfo().issueTimestamp())
                        .thenComparing(token -> token.tokenInfo().tokenId()))
                .forEach(token -> {
                    TokenInformation about = token.tokenInfo();
                    row(
                            about.tokenId(),
                            token.hmacAsBase64String(),
                            about.owner(),
                            about.tokenRequester(),
                            about.renewersAsString(),
                            date(about.issueTimestamp()),
                            date(about.expiryTimestamp()),
                            date(about.maxTimestamp()));
                });
    }

    private void row(Object... columns) {
        terminal.line(String.format(Locale.ROOT, ROW, columns));
    }
}
