package io.odradek.server.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.tools.Table.Column;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class TableTest {
    private static String printed(int columns) {
        Table table = new Table(Column.growing("GROUP", 8), Column.fixed("LAG", 6), Column.last("ID"));
        table.row("g", "1234567", "a-name-that-goes-on-and-on");
        table.row("the-second", "-", "b");
        return printed(table, columns);
    }

    private static String printed(Table table, int columns) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, false, UTF_8);
        table.print(new Terminal(InputStream.nullInputStream(), stream, stream, columns));
        stream.flush();
        return out.toString(UTF_8);
    }

    @Test
    void forProgramsColumnsAreAtLeastAsWideAsTheyWereSaidToBeAndNothingIsCut() {
        assertThat(printed(0)).isEqualTo("""
                GROUP      LAG    ID
                g          1234567 a-name-that-goes-on-and-on
                the-second -      b
                """);
    }

    @Test
    void onATerminalColumnsAreAsWideAsTheirCellsAndTheWidestIsCutToFit() {
        assertThat(printed(80)).isEqualTo("""
                GROUP      LAG     ID
                g          1234567 a-name-that-goes-on-and-on
                the-second -       b
                """);
        assertThat(printed(30)).isEqualTo("""
                GROUP      LAG     ID
                g          1234567 a-name-tha…
                the-second -       b
                """);
    }

    @Test
    void whereHeadingsDoNotFitEachRowIsAListIfItIsATableOfTabs() {
        Table table = Table.ofTabs("ProducerId", "State");
        table.row("1", "Ongoing");
        table.row("2", "Empty");
        assertThat(printed(table, 0))
                .isEqualTo("ProducerId\tState  \t\n1         \tOngoing\t\n2         \tEmpty  \t\n");
        assertThat(printed(table, 40)).isEqualTo("""
                ProducerId State
                1          Ongoing
                2          Empty
                """);
        assertThat(printed(table, 15)).isEqualTo("""
                ProducerId  1
                State       Ongoing

                ProducerId  2
                State       Empty
                """);
    }

    @Test
    void noNameCommandsATerminal() {
        Table table = new Table(Column.growing("GROUP", 8), Column.last("ID"));
        table.row("red\u001b[31m\nand\tmore", "\u009b2J\u0007");
        assertThat(printed(table, 80)).isEqualTo("GROUP             ID\nred?[31m?and?more ?2J?\n");
        assertThat(printed(table, 0)).contains("red\u001b[31m\nand\tmore \u009b2J\u0007");
        assertThat(Failures.oneLine("Group 'a\u001b[2J\r\nb'")).isEqualTo("Group 'a?[2J b'");
    }
}
