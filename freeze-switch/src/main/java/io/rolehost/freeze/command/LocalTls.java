package io.rolehost.freeze.command;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * TLS to a plane on this machine. No certificate is checked: it is made out to a name that others
 * use, and who listens is known by the run file that the port was read from, as without TLS.
 */
final class LocalTls {

  private LocalTls() {}

  static void trust(HttpsURLConnection request) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, null);
      request.setSSLSocketFactory(context.getSocketFactory());
      request.setHostnameVerifier((_, _) -> true);
    } catch (GeneralSecurityException e) {
      throw new IOException("This Java speaks no TLS", e);
    }
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      // There are none.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // See above.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
