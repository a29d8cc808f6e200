package io.rolehost.runtime.management;

import io.rolehost.runtime.config.Json;
import io.rolehost.runtime.readiness.Verdict;
import io.rolehost.runtime.readiness.Verdict.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers of the three probes, in the form of kube-apiserver's {@code ?verbose}. Pure. */
final class ProbeText {

  private ProbeText() {}

  /**
   * Answers {@code /livez}.
   *
   * @param who works: {@code host} or {@code node}
   */
  static Answer livez(Optional<String> notLive, Request request, String who) {
    Reason reason = new Reason(notLive.isEmpty(), who, notLive.orElse(""));
    return answer("livez", notLive.isEmpty(), List.of(reason), request, request.asks("verbose"));
  }

  /**
   * Answers {@code /readyz}.
   *
   * @param all whether what is well is always said too, as of the instances of a node
   */
  static Answer readyz(Verdict verdict, Request request, boolean all) {
    boolean verbose = all || request.asks("verbose");
    return answer("readyz", verdict.ready(), verdict.reasons(), request, verbose);
  }

  static Answer startupz(boolean done, Request request, String why) {
    Reason reason = new Reason(done, "start", done ? "" : why);
    return answer("startupz", done, List.of(reason), request, request.asks("verbose"));
  }

  private static Answer answer(
      String probe, boolean up, List<Reason> reasons, Request request, boolean verbose) {
    int status = up ? 200 : 503;
    if (request.wantsJson()) {
      // Not a problem document: the same shape for yes and no, as machines read it in a loop.
      return new Answer(status, Answer.JSON, json(probe, up, reasons), Map.of());
    }
    if (up && !verbose) {
      return Answer.OK;
    }
    StringBuilder text = new StringBuilder();
    for (Reason reason : reasons) {
      if (!reason.ok()) {
        text.append("[-]").append(line(reason.name())).append(' ');
        text.append(reason.text().isBlank() ? "failed" : line(reason.text())).append('\n');
      } else if (verbose) {
        text.append("[+]").append(line(reason.name())).append(" ok");
        if (!reason.text().isBlank() && !reason.text().equals("ok")) {
          text.append(": ").append(line(reason.text()));
        }
        text.append('\n');
      }
    }
    text.append(probe).append(up ? " check passed\n" : " check failed\n");
    return Answer.text(status, text.toString());
  }

  private static String json(String probe, boolean up, List<Reason> reasons) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Reason reason : reasons) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("ok", reason.ok());
      one.put("name", reason.name());
      one.put("text", reason.text());
      list.add(one);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("probe", probe);
    body.put("ok", up);
    body.put("reasons", list);
    return Json.render(body);
  }

  /** One reason stays one line. */
  private static String line(String text) {
    return text.replace('\r', ' ').replace('\n', ' ');
  }
}
