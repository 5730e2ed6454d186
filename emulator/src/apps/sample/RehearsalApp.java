package com.example.app;

import android.app.Application;
import android.util.Log;

/** What a team adds to its app: the listeners that `fusegate threat-events` writes, called once, and what the app does about a threat. */
public class RehearsalApp extends Application {
    @Override
    public void onCreate() {
        super.onCreate();
        ThreatEvents.listen(this, new ThreatEvents.Handler() {
            @Override
            public void onThreatEvent(ThreatEvents.ThreatEvent event) {
                Log.w("rehearsal", event.name);
            }
        });
    }
}
