package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.net.socket.SocketFaults;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketFaultsTest {
    @ParameterizedTest
    @CsvSource({
        "bind(..) failed with error(-98): Address already in use, port 9092 is in use on 127.0.0.1",
        "Address already in use, port 9092 is in use on 127.0.0.1",
        "bind(..) failed with error(-99): Cannot assign requested address, 127.0.0.1 is no address of this machine",
        "bind(..) failed with error(-13): Permission denied, port 9092 is not for this user to take",
        "socket(..) failed with error(-24): Too many open files, Too many open files",
    })
    void whyNobodyCanListenIsToldInWords(String fault, String words) {
        assertThat(SocketFaults.words(new IOException(fault), new InetSocketAddress("127.0.0.1", 9092)))
                .isEqualTo(words);
    }

    @Test
    void allAddressesAreTheMachine() {
        assertThat(SocketFaults.words(new IOException("Address already in use"), new InetSocketAddress(9092)))
                .isEqualTo("port 9092 is in use on this machine");
    }

    @Test
    void aFaultWithoutAMessageHasAName() {
        assertThat(SocketFaults.words(new IOException())).isEqualTo("IOException");
        assertThat(SocketFaults.words(new IOException("finishConnect(..) failed with error(-111): Connection refused")))
                .isEqualTo("Connection refused");
    }

    @Test
    void whyNoConnectionIsAcceptedNamesTheLimitAndTheRemedy() {
        assertThat(SocketFaults.ofAccepting(new IOException("accept(..) failed with error(-24): Too many open files")))
                .startsWith("Too many open files; ")
                .contains("raise the limit of open files (ulimit -n)");
        assertThat(SocketFaults.ofAccepting(new IOException("accept(..) failed with error(-12): Out of memory")))
                .isEqualTo("Out of memory");
    }
}
