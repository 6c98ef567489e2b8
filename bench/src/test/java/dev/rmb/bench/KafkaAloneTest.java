package dev.rmb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class KafkaAloneTest {
    @Test
    void kafkasOwnToolsRunOnTheBroker() {
        var out = new StringWriter();
        var err = new StringWriter();
        var commandLine = Bench.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));

        int exit = commandLine.execute("kafka", "--records=3000", "--rate=0");

        assertThat(exit).as("%s%n%s", out, err).isZero();
        assertThat(out.toString()).contains("written", "read", "broker");
    }
}
