<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>About</name>
        <message>
            <location filename="../../bimaco_gui/ui/about.py" />
            <source>About BiMaCo</source>
            <translation>Über BiMaCo</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/about.py" />
            <source>Makes photos four times as wide and high, on your own computer.</source>
            <translation>Macht Fotos viermal so breit und hoch, auf dem eigenen Rechner.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/about.py" />
            <source>Licence: Apache License 2.0</source>
            <translation>Lizenz: Apache License 2.0</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/about.py" />
            <source>Uses Qt {0} and PySide6 (LGPL 3) and PyTorch (BSD).</source>
            <translation>Verwendet Qt {0} und PySide6 (LGPL 3) sowie PyTorch (BSD).</translation>
        </message>
    </context>
    <context>
        <name>AdvancedSection</name>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Advanced</source>
            <translation>Erweitert</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Model, device, tile and threads</source>
            <translation>Modell, Gerät, Kachel und Threads</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Models…</source>
            <translation>Modelle …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>See, add and remove models</source>
            <translation>Modelle ansehen, hinzufügen und entfernen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Automatic</source>
            <translation>Automatisch</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Processor</source>
            <translation>Prozessor</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Tile</source>
            <translation>Kachel</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Smaller tiles need less memory and more time</source>
            <translation>Kleinere Kacheln brauchen weniger Speicher und mehr Zeit</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>{0} px</source>
            <translation>{0} px</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Threads</source>
            <translation>Threads</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>Graphics card</source>
            <translation>Grafikkarte</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>expanded</source>
            <translation>ausgeklappt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/advanced_section.py" />
            <source>collapsed</source>
            <translation>eingeklappt</translation>
        </message>
    </context>
    <context>
        <name>AfterWork</name>
        <message>
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>All is done</source>
            <translation>Alles ist fertig</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The computer stays on</source>
            <translation>Der Computer bleibt an</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>Some results could not be saved and would be lost.</source>
            <translation>Einige Ergebnisse ließen sich nicht speichern und würden verloren gehen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The system did not do what it was asked for.</source>
            <translation>Das System ist der Bitte nicht nachgekommen.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The computer goes to sleep in %n second(s).</source>
            <translation>
                <numerusform>Der Computer geht in %n Sekunde in den Ruhezustand.</numerusform>
                <numerusform>Der Computer geht in %n Sekunden in den Ruhezustand.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/after_work.py" />
            <source>The computer is shut down in %n second(s).</source>
            <translation>
                <numerusform>Der Computer wird in %n Sekunde heruntergefahren.</numerusform>
                <numerusform>Der Computer wird in %n Sekunden heruntergefahren.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Banner</name>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Message</source>
            <translation>Meldung</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Problem</source>
            <translation>Problem</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Copy details</source>
            <translation>Einzelheiten kopieren</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Copy what happened, to send it to somebody</source>
            <translation>Kopieren, was geschehen ist, um es jemandem zu schicken</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Close message</source>
            <translation>Meldung schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Try what may help</source>
            <translation>Versuchen, was helfen kann</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Remedy</source>
            <translation>Abhilfe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>What can be done</source>
            <translation>Was sich tun lässt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Copied</source>
            <translation>Kopiert</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>News</source>
            <translation>Neuigkeit</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Choose another folder…</source>
            <translation>Anderen Ordner wählen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Use smaller tiles</source>
            <translation>Kleinere Kacheln verwenden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Use the processor</source>
            <translation>Prozessor verwenden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Make it 4 times as large</source>
            <translation>Vierfach vergrößern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Use the bundled model</source>
            <translation>Mitgeliefertes Modell nutzen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Try again</source>
            <translation>Noch einmal versuchen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>Open again</source>
            <translation>Wieder öffnen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/banner.py" />
            <source>What is new…</source>
            <translation>Was ist neu …</translation>
        </message>
    </context>
    <context>
        <name>BatchDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Upscale many photos</source>
            <translation>Viele Fotos vergrößern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Folders and photos</source>
            <translation>Ordner und Fotos</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add folder…</source>
            <translation>Ordner hinzufügen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add a folder of photos</source>
            <translation>Einen Ordner mit Fotos hinzufügen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add photos…</source>
            <translation>Fotos hinzufügen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add single photos</source>
            <translation>Einzelne Fotos hinzufügen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Take the chosen row off the list (Del)</source>
            <translation>Die gewählte Zeile von der Liste nehmen (Entf)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Folders &amp;inside folders too</source>
            <translation>Auch Ordner &amp;in Ordnern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Kinds of photos</source>
            <translation>Arten von Fotos</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>All kinds</source>
            <translation>Alle Arten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>kB</source>
            <translation>kB</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Any file size</source>
            <translation>Jede Dateigröße</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Smallest file size</source>
            <translation>Kleinste Dateigröße</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Leaves out smaller files, such as icons</source>
            <translation>Lässt kleinere Dateien aus, etwa Symbole</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Leave out what is already &amp;larger than</source>
            <translation>Auslassen, was schon &amp;größer ist als</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>px</source>
            <translation>px</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Longest side that is still upscaled</source>
            <translation>Längste Seite, die noch vergrößert wird</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>&amp;Beside each photo</source>
            <translation>&amp;Neben jedem Foto</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>In a &amp;folder:</source>
            <translation>In einem &amp;Ordner:</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose…</source>
            <translation>Wählen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose the folder</source>
            <translation>Den Ordner wählen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>With the &amp;same folders inside</source>
            <translation>Mit den&amp;selben Ordnern darin</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>If a result exists already</source>
            <translation>Wenn es ein Ergebnis schon gibt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Result exists: save under a new number</source>
            <translation>Ergebnis ist da: mit neuer Nummer speichern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Result exists: leave the photo out</source>
            <translation>Ergebnis ist da: Foto auslassen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Result exists: replace it</source>
            <translation>Ergebnis ist da: ersetzen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>What is left out, and why</source>
            <translation>Was ausgelassen wird, und warum</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>What is left out</source>
            <translation>Was ausgelassen wird</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Show which photos are left out, and why</source>
            <translation>Zeigen, welche Fotos ausgelassen werden, und warum</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Start</source>
            <translation>Starten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Put the photos into the queue and begin</source>
            <translation>Die Fotos in die Warteschlange stellen und starten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Upscale nothing</source>
            <translation>Nichts vergrößern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Photos</source>
            <translation>Fotos</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Results</source>
            <translation>Ergebnisse</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Size, detail, format and names are those of the panel.</source>
            <translation>Größe, Detail, Format und Namen sind die der Seitenleiste.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Start or cancel</source>
            <translation>Starten oder abbrechen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose a folder</source>
            <translation>Ordner wählen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose photos</source>
            <translation>Fotos wählen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>none chosen yet</source>
            <translation>noch keiner gewählt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Looking…</source>
            <translation>Wird nachgesehen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Add a folder or photos.</source>
            <translation>Bitte einen Ordner oder Fotos hinzufügen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Choose the folder for the results.</source>
            <translation>Bitte den Ordner für die Ergebnisse wählen.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Looking at %n photo(s)…</source>
            <translation>
                <numerusform>%n Foto wird angesehen …</numerusform>
                <numerusform>%n Fotos werden angesehen …</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/batch_dialog.py" />
            <source>Upscale %n photo(s)</source>
            <translation>
                <numerusform>%n Foto vergrößern</numerusform>
                <numerusform>%n Fotos vergrößern</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BottomBar</name>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscaling</source>
            <translation>Wird vergrößert</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Progress</source>
            <translation>Fortschritt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscale</source>
            <translation>Vergrößern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscale and save as the panel says (Ctrl+Return)</source>
            <translation>Vergrößern und speichern, wie rechts eingestellt (Strg+Eingabe)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Stop upscaling (Esc)</source>
            <translation>Vergrößern abbrechen (Esc)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Save</source>
            <translation>Speichern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Save with the present settings (Ctrl+S)</source>
            <translation>Mit den jetzigen Einstellungen speichern (Strg+S)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Save as…</source>
            <translation>Speichern unter …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Choose name and folder (Ctrl+Shift+S)</source>
            <translation>Name und Ordner wählen (Strg+Umschalt+S)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Show in folder</source>
            <translation>Im Ordner zeigen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Show the saved file in its folder, or drag it from here to where you want it</source>
            <translation>Die gespeicherte Datei in ihrem Ordner zeigen, oder von hier dorthin ziehen, wo sie hin soll</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Copy result</source>
            <translation>Ergebnis kopieren</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Copy the result (Ctrl+C)</source>
            <translation>Ergebnis kopieren (Strg+C)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Opening; upscaling begins as soon as it is open…</source>
            <translation>Wird geöffnet; danach beginnt das Vergrößern …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Opening…</source>
            <translation>Wird geöffnet …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Saved as {0}</source>
            <translation>Gespeichert als {0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Saving…</source>
            <translation>Wird gespeichert …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Not saved yet</source>
            <translation>Noch nicht gespeichert</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Settings changed since {0} was saved</source>
            <translation>Einstellungen geändert, seit {0} gespeichert wurde</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Stopping…</source>
            <translation>Wird angehalten …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Preparing…</source>
            <translation>Wird vorbereitet …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Finishing…</source>
            <translation>Wird abgeschlossen …</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscale %n photo(s)</source>
            <translation>
                <numerusform>%n Foto vergrößern</numerusform>
                <numerusform>%n Fotos vergrößern</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Try again</source>
            <translation>Noch einmal versuchen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Upscale again</source>
            <translation>Erneut vergrößern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/bottom_bar.py" />
            <source>Save again</source>
            <translation>Erneut speichern</translation>
        </message>
    </context>
    <context>
        <name>Canvas</name>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>Photo</source>
            <translation>Foto</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>Let go to open</source>
            <translation>Loslassen zum Öffnen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>Before</source>
            <translation>Vorher</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>After</source>
            <translation>Nachher</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/canvas.py" />
            <source>Difference, made 4 times stronger</source>
            <translation>Differenz, vierfach verstärkt</translation>
        </message>
    </context>
    <context>
        <name>DesktopLink</name>
        <message>
            <location filename="../../bimaco_gui/ui/desktop_link.py" />
            <source>Upscaling photos</source>
            <translation>Fotos werden vergrößert</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/desktop_link.py" />
            <source>%n photo(s) done</source>
            <translation>
                <numerusform>%n Foto ist fertig</numerusform>
                <numerusform>%n Fotos sind fertig</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/desktop_link.py" />
            <source>%n photo(s) failed</source>
            <translation>
                <numerusform>%n Foto ist fehlgeschlagen</numerusform>
                <numerusform>%n Fotos sind fehlgeschlagen</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DetailSection</name>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Detail</source>
            <translation>Detail</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Fidelity and detail</source>
            <translation>Treue und Detail</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Left: close to the photo, nothing invented. Right: all the detail of the model.</source>
            <translation>Links: nah am Foto, nichts erfunden. Rechts: alle Details des Modells.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Faithful</source>
            <translation>Originalgetreu</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/detail_section.py" />
            <source>Detailed</source>
            <translation>Detailreich</translation>
        </message>
    </context>
    <context>
        <name>Divider</name>
        <message>
            <location filename="../../bimaco_gui/ui/divider.py" />
            <source>Before and after</source>
            <translation>Vorher und nachher</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/divider.py" />
            <source>How much of the original photo is shown, from the left. Arrow keys move it.</source>
            <translation>Wie viel vom Originalfoto von links her zu sehen ist. Pfeiltasten verschieben es.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/divider.py" />
            <source>Drag to compare, or use the arrow keys</source>
            <translation>Zum Vergleichen ziehen, oder mit den Pfeiltasten</translation>
        </message>
    </context>
    <context>
        <name>EmptyPage</name>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>No photo yet</source>
            <translation>Noch kein Foto</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Drop a photo</source>
            <translation>Foto hierher ziehen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Drop a photo here</source>
            <translation>Ein Foto hierher ziehen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>It becomes four times as wide and high, or any size you like.
All of it happens on your computer; nothing is sent anywhere.</source>
            <translation>Es wird viermal so breit und hoch, oder so groß, wie Sie möchten.
Alles geschieht auf Ihrem Rechner; nichts wird gesendet.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>PNG, JPEG, WebP, AVIF, HEIC, TIFF, BMP, GIF: one, several or folders</source>
            <translation>PNG, JPEG, WebP, AVIF, HEIC, TIFF, BMP, GIF: eines, mehrere oder Ordner</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Open photo…</source>
            <translation>Foto öffnen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Choose photos to upscale (Ctrl+O)</source>
            <translation>Fotos zum Vergrößern wählen (Strg+O)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Try the sample</source>
            <translation>Beispiel ausprobieren</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Open the sample photo that comes with the app</source>
            <translation>Das mitgelieferte Beispielfoto öffnen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/empty_page.py" />
            <source>Let go to open</source>
            <translation>Loslassen zum Öffnen</translation>
        </message>
    </context>
    <context>
        <name>Errors</name>
        <message>
            <location filename="../../bimaco_gui/engine/canvas.py" />
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <location filename="../../bimaco_gui/engine/write.py" />
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>Not enough memory</source>
            <translation>Nicht genug Speicher</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/canvas.py" />
            <source>The result of {0} × {1} pixels needs {2} GB of memory, which are not free.</source>
            <translation>Das Ergebnis von {0} × {1} Pixeln braucht {2} GB Speicher, die nicht frei sind.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>Unknown device</source>
            <translation>Unbekanntes Gerät</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>There is no device called “{0}”: choose auto, cpu or cuda.</source>
            <translation>Es gibt kein Gerät namens „{0}“: bitte auto, cpu oder cuda wählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>Its driver was not found.</source>
            <translation>Sein Treiber wurde nicht gefunden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>This torch has no CUDA.</source>
            <translation>Dieses torch hat kein CUDA.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>No such device</source>
            <translation>Kein solches Gerät</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>No NVIDIA GPU can be used here: choose “auto” or “cpu”. {0}</source>
            <translation>Hier kann keine NVIDIA-GPU verwendet werden: bitte „auto“ oder „cpu“ wählen. {0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>There is no GPU {0}: there are {1}.</source>
            <translation>Es gibt keine GPU {0}: vorhanden sind {1}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>Unusable number of threads</source>
            <translation>Unbrauchbare Zahl von Threads</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/device.py" />
            <source>{0} threads cannot compute anything.</source>
            <translation>{0} Threads können nichts berechnen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/formats.py" />
            <location filename="../../bimaco_gui/services/batch.py" />
            <location filename="../../bimaco_gui/services/formats.py" />
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Unknown format</source>
            <translation>Unbekanntes Format</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/formats.py" />
            <source>{0} no format that can be written: choose png, jpg, webp, avif or tiff.</source>
            <translation>{0} kein Format, das geschrieben werden kann: bitte png, jpg, webp, avif oder tiff wählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/formats.py" />
            <source>Too large for the format</source>
            <translation>Zu groß für das Format</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/formats.py" />
            <source>{0} holds at most {1} pixels along a side, but the result has {2} × {3}: choose PNG or TIFF, or a smaller scale.</source>
            <translation>{0} fasst höchstens {1} Pixel je Seite, das Ergebnis hat aber {2} × {3}: bitte PNG oder TIFF oder einen kleineren Faktor wählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>Unusable tile size</source>
            <translation>Unbrauchbare Kachelgröße</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>A tile of {0} pixels is too small.</source>
            <translation>Eine Kachel von {0} Pixeln ist zu klein.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>Unusable scale</source>
            <translation>Unbrauchbarer Faktor</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>The scale is {0}, but it must be from 1 to {1}.</source>
            <translation>Der Faktor ist {0}, muss aber von 1 bis {1} gehen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>Unusable size</source>
            <translation>Unbrauchbare Größe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>{0} × {1} is no size.</source>
            <translation>{0} × {1} ist keine Größe.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>Unusable fidelity</source>
            <translation>Unbrauchbare Treue</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/options.py" />
            <source>The fidelity is {0}, but it goes from 0 (faithful) to 1 (most detail).</source>
            <translation>Die Treue ist {0}, sie geht aber von 0 (originalgetreu) bis 1 (am detailreichsten).</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>PNG, JPEG, WebP, TIFF, BMP, GIF, AVIF and HEIC pictures can be opened.</source>
            <translation>PNG-, JPEG-, WebP-, TIFF-, BMP-, GIF-, AVIF- und HEIC-Bilder können geöffnet werden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Unsupported picture</source>
            <translation>Nicht unterstütztes Bild</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” cannot be used: {1}.</source>
            <translation>„{0}“ kann nicht verwendet werden: {1}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Its {0} bits a channel were read as 8.</source>
            <translation>Von seinen {0} Bit je Kanal wurden 8 gelesen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>Damaged picture</source>
            <translation>Beschädigtes Bild</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is damaged: its checksum is wrong.</source>
            <translation>„{0}“ ist beschädigt: die Prüfsumme stimmt nicht.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Only the first of its {0} pages was used.</source>
            <translation>Nur die erste seiner {0} Seiten wurde verwendet.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Only the first of its {0} frames was used.</source>
            <translation>Nur das erste seiner {0} Einzelbilder wurde verwendet.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>Not a picture</source>
            <translation>Kein Bild</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>Picture too large</source>
            <translation>Bild zu groß</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” does not fit into the memory that is free.</source>
            <translation>„{0}“ passt nicht in den freien Speicher.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is cut off or damaged ({1}).</source>
            <translation>„{0}“ ist abgeschnitten oder beschädigt ({1}).</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Picture not found</source>
            <translation>Bild nicht gefunden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>There is no file “{0}”.</source>
            <translation>Es gibt keine Datei „{0}“.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>Cannot read the picture</source>
            <translation>Das Bild kann nicht gelesen werden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” cannot be read ({1}).</source>
            <translation>„{0}“ kann nicht gelesen werden ({1}).</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is a folder, not a picture.</source>
            <translation>„{0}“ ist ein Ordner, kein Bild.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is a device or a pipe, not a picture.</source>
            <translation>„{0}“ ist ein Gerät oder eine Pipe, kein Bild.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>Empty file</source>
            <translation>Leere Datei</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is empty (0 bytes).</source>
            <translation>„{0}“ ist leer (0 Byte).</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” says that it is {1} × {2} pixels large.</source>
            <translation>„{0}“ gibt an, {1} × {2} Pixel groß zu sein.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” is a damaged {1} picture: its header makes no sense.</source>
            <translation>„{0}“ ist ein beschädigtes {1}-Bild: sein Kopf ergibt keinen Sinn.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>No permission</source>
            <translation>Keine Berechtigung</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” may not be read by this user.</source>
            <translation>„{0}“ darf von diesem Benutzer nicht gelesen werden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/pictures.py" />
            <source>“{0}” has more than {1} million pixels, which is more than can be handled.</source>
            <translation>„{0}“ hat mehr als {1} Millionen Pixel, mehr als verarbeitet werden können.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/samples.py" />
            <source>Its colours were converted to sRGB.</source>
            <translation>Seine Farben wurden nach sRGB umgewandelt.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>Even the smallest part of the picture does not fit into the memory that is free: close other programs and try again.</source>
            <translation>Selbst der kleinste Teil des Bildes passt nicht in den freien Speicher: bitte andere Programme schließen und noch einmal versuchen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>Unusable result</source>
            <translation>Unbrauchbares Ergebnis</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>The model's result {0}.</source>
            <translation>Das Ergebnis des Modells {0}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>The computation failed</source>
            <translation>Die Berechnung ist fehlgeschlagen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/tile_runner.py" />
            <source>The model could not be run: {0}.</source>
            <translation>Das Modell konnte nicht ausgeführt werden: {0}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the disk is full</source>
            <translation>der Datenträger ist voll</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>your share of the disk is used up</source>
            <translation>der eigene Anteil am Datenträger ist aufgebraucht</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the folder may not be written to</source>
            <translation>in den Ordner darf nicht geschrieben werden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the disk can only be read</source>
            <translation>der Datenträger ist schreibgeschützt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the name is too long</source>
            <translation>der Name ist zu lang</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the folder is not there</source>
            <translation>der Ordner ist nicht da</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>a part of the path is a file, not a folder</source>
            <translation>ein Teil des Pfades ist eine Datei, kein Ordner</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>there is a folder of this name</source>
            <translation>es gibt einen Ordner dieses Namens</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the file would be too large for this disk</source>
            <translation>die Datei wäre zu groß für diesen Datenträger</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>the disk reports an error</source>
            <translation>der Datenträger meldet einen Fehler</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>Unusable quality</source>
            <translation>Unbrauchbare Qualität</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>The quality is {0}, not from 1 to 100.</source>
            <translation>Die Qualität ist {0}, nicht von 1 bis 100.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>“{0}” could not be saved: too little memory is free.</source>
            <translation>„{0}“ konnte nicht gespeichert werden: zu wenig Speicher ist frei.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>{0} knows no transparency: the picture was laid on white.</source>
            <translation>{0} kennt keine Transparenz: das Bild wurde auf Weiß gelegt.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>{0} holds 8 bits a channel: the 16 were rounded.</source>
            <translation>{0} fasst 8 Bit je Kanal: die 16 wurden gerundet.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>{0} has no room for all of the metadata: a part was left out.</source>
            <translation>{0} hat nicht für alle Metadaten Platz: ein Teil wurde weggelassen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>File exists</source>
            <translation>Datei ist schon da</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>“{0}” is there already, and was not to be overwritten.</source>
            <translation>„{0}“ ist schon da und sollte nicht überschrieben werden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>Cannot save</source>
            <translation>Speichern nicht möglich</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/engine/write.py" />
            <source>“{0}” could not be saved: {1}.</source>
            <translation>„{0}“ konnte nicht gespeichert werden: {1}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>One output for several inputs</source>
            <translation>Eine Ausgabe für mehrere Eingaben</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” is one file, but there are {1} pictures: name a folder for the results.</source>
            <translation>„{0}“ ist eine Datei, aber es sind {1} Bilder: bitte einen Ordner für die Ergebnisse nennen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” is the result of “{1}”.</source>
            <translation>„{0}“ ist das Ergebnis von „{1}“.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” does not pass the filters.</source>
            <translation>„{0}“ passt nicht zu den Filtern.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” has {1} × {2} pixels, more than {3}.</source>
            <translation>„{0}“ hat {1} × {2} Pixel, mehr als {3}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>The result of “{0}” exists already.</source>
            <translation>Das Ergebnis von „{0}“ gibt es schon.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>A result cannot be written as “{0}”: end the name in {1}, or choose a format.</source>
            <translation>Ein Ergebnis kann nicht als „{0}“ geschrieben werden: den Namen auf {1} enden lassen oder ein Format wählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>Name and format differ</source>
            <translation>Name und Format passen nicht zusammen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>“{0}” does not end like a {1} file: leave the format out or change the name.</source>
            <translation>„{0}“ endet nicht wie eine {1}-Datei: bitte das Format weglassen oder den Namen ändern.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>No pictures</source>
            <translation>Keine Bilder</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/batch.py" />
            <source>There is no picture in {0}.{1}</source>
            <translation>In {0} ist kein Bild.{1}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/formats.py" />
            <source>A result cannot be written as “{0}”: choose {1}.</source>
            <translation>Ein Ergebnis kann nicht als „{0}“ geschrieben werden: bitte {1} wählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Name taken</source>
            <translation>Name vergeben</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <source>{0} is a model that comes with the app.</source>
            <translation>{0} ist ein Modell, das zur App gehört.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>Unusable name</source>
            <translation>Unbrauchbarer Name</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <source>The result's name must end in {0}.</source>
            <translation>Der Name des Ergebnisses muss auf {0} enden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <source>Already there</source>
            <translation>Schon da</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/importing.py" />
            <source>{0} is there already: choose another name, or use --overwrite.</source>
            <translation>{0} ist schon da: bitte einen anderen Namen wählen oder --overwrite verwenden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/isolation/upscaler.py" />
            <source>The graphics card failed, so the processor made this picture and makes those that follow.</source>
            <translation>Die Grafikkarte ist ausgefallen; darum hat der Prozessor dieses Bild berechnet und berechnet auch die folgenden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The device is one of {0}.</source>
            <translation>Das Gerät ist eines von {0}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The scale is {0} to {1}, not {2}.</source>
            <translation>Der Faktor ist {0} bis {1}, nicht {2}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>A side of the result is 1 to {0} pixels, not {1}.</source>
            <translation>Eine Seite des Ergebnisses hat 1 bis {0} Pixel, nicht {1}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Give either the longest side or width and height.</source>
            <translation>Bitte entweder die längste Seite oder Breite und Höhe angeben.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>A tile is {0} pixels or more, or “auto”.</source>
            <translation>Eine Kachel hat {0} Pixel oder mehr, oder „auto“.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Threads are 1 or more.</source>
            <translation>Threads sind 1 oder mehr.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The seed is a whole number from 0 up.</source>
            <translation>Der Startwert ist eine ganze Zahl ab 0.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The quality is 1 to 100, not {0}.</source>
            <translation>Die Qualität ist 1 bis 100, nicht {0}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>The bits per channel are 8 or 16, not {0}.</source>
            <translation>Die Bits je Kanal sind 8 oder 16, nicht {0}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>What happens to an existing result is one of {0}.</source>
            <translation>Was mit einem vorhandenen Ergebnis geschieht, ist eines von {0}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Write “{0}”.</source>
            <translation>Bitte „{0}“ schreiben.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/jobs.py" />
            <source>Option out of range</source>
            <translation>Einstellung außerhalb des Bereichs</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Cannot add the model</source>
            <translation>Modell nicht hinzugefügt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>“{0}” cannot be copied ({1}).</source>
            <translation>„{0}“ lässt sich nicht kopieren ({1}).</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Cannot remove the model</source>
            <translation>Das Modell kann nicht entfernt werden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>“{0}” cannot be removed ({1}).</source>
            <translation>„{0}“ kann nicht entfernt werden ({1}).</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Another model is called “{0}” already: rename the file, or remove that one.</source>
            <translation>Ein anderes Modell heißt schon „{0}“: Benennen Sie die Datei um oder entfernen Sie jenes.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>Part of the app</source>
            <translation>Teil der App</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>“{0}” comes with the app and stays.</source>
            <translation>„{0}“ gehört zur App und bleibt.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <location filename="../../bimaco_gui/weights/catalogue.py" />
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <location filename="../../bimaco_gui/weights/registry.py" />
            <source>Model not found</source>
            <translation>Modell nicht gefunden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/model_store.py" />
            <source>No model “{0}” is installed.</source>
            <translation>Es ist kein Modell „{0}“ installiert.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>The name “{0}” gives is too long.</source>
            <translation>Der Name, den „{0}“ ergibt, ist zu lang.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>No name</source>
            <translation>Kein Name</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>The template of the name is empty.</source>
            <translation>Die Vorlage für den Namen ist leer.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>A brace in “{0}” has no partner: fields are written like {name}.</source>
            <translation>Einer Klammer in „{0}“ fehlt ihr Gegenstück: Felder schreibt man wie {name}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>A file name may not hold “{0}”.</source>
            <translation>Ein Dateiname darf „{0}“ nicht enthalten.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>Unknown field</source>
            <translation>Unbekanntes Feld</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>“{{0}}” is not known: use {1}.</source>
            <translation>„{{0}}“ ist unbekannt: bitte {1} verwenden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>A name that begins with a dot would hide the result.</source>
            <translation>Ein Name, der mit einem Punkt beginnt, würde das Ergebnis verstecken.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/name_template.py" />
            <source>“{{0}:{1}}” is not known: only {counter} takes a number of digits, as in {counter:4}.</source>
            <translation>„{{0}:{1}}“ ist unbekannt: nur {counter} nimmt eine Zahl von Stellen an, wie in {counter:4}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The folder is gone</source>
            <translation>Der Ordner ist weg</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The folder for the results, “{0}”, is not there any more: bring it back, or choose another one.</source>
            <translation>Der Ordner für die Ergebnisse, „{0}“, ist nicht mehr da: bitte zurückbringen oder einen anderen wählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The disk is gone</source>
            <translation>Der Datenträger ist weg</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The disk with “{0}” is not there any more.</source>
            <translation>Der Datenträger mit „{0}“ ist nicht mehr da.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The disk is full</source>
            <translation>Der Datenträger ist voll</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The result needs about {0} MB, but only {1} MB are free on the disk of “{2}”.</source>
            <translation>Das Ergebnis braucht etwa {0} MB, aber auf dem Datenträger von „{2}“ sind nur {1} MB frei.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>Would be lost</source>
            <translation>Würde verloren gehen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/places.py" />
            <source>The app's sandbox would lose what is written to “{0}”: choose another folder for the results.</source>
            <translation>Die Sandbox der App würde verlieren, was in „{0}“ geschrieben wird: Bitte einen anderen Ordner für die Ergebnisse wählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/queue.py" />
            <source>Queue in use</source>
            <translation>Warteschlange in Gebrauch</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/queue.py" />
            <source>Another window or program works through this queue already.</source>
            <translation>Ein anderes Fenster oder Programm arbeitet diese Warteschlange schon ab.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>Done before</source>
            <translation>Schon erledigt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>Its result exists already.</source>
            <translation>Sein Ergebnis gibt es schon.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>The picture does not fit into the memory that is free: close other programs, or choose a smaller scale.</source>
            <translation>Das Bild passt nicht in den freien Speicher: bitte andere Programme schließen oder einen kleineren Faktor wählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>Something went wrong</source>
            <translation>Etwas ist schiefgegangen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/runner.py" />
            <source>An unexpected problem stopped the work ({0}: {1}). The log has the details.</source>
            <translation>Ein unerwartetes Problem hat die Arbeit abgebrochen ({0}: {1}). Einzelheiten stehen im Protokoll.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/sizes.py" />
            <source>Large enough already</source>
            <translation>Schon groß genug</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/sizes.py" />
            <source>The picture has {0} × {1} pixels, which is more than the {2} × {3} asked for.</source>
            <translation>Das Bild hat {0} × {1} Pixel, mehr als die gewünschten {2} × {3}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/sizes.py" />
            <source>Too large</source>
            <translation>Zu groß</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/sizes.py" />
            <source>{0} × {1} pixels would be more than {2} times the {3} × {4} of the picture.</source>
            <translation>{0} × {1} Pixel wären mehr als das {2}-Fache der {3} × {4} des Bildes.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>Not understood</source>
            <translation>Nicht verstanden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server's answer about the newest version makes no sense.</source>
            <translation>Die Antwort des Servers nach der neuesten Version ergibt keinen Sinn.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server's answer about the newest version is far too long.</source>
            <translation>Die Antwort des Servers nach der neuesten Version ist viel zu lang.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>Connection broken</source>
            <translation>Verbindung abgebrochen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The connection broke before the answer was here: try again.</source>
            <translation>Die Verbindung brach ab, bevor die Antwort da war: Bitte noch einmal versuchen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>No connection</source>
            <translation>Keine Verbindung</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The app's sandbox has no network: updates come from where it was installed from.</source>
            <translation>Die Sandbox der App hat kein Netz: Updates kommen von dort, woher die App installiert wurde.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server that knows the newest version cannot be reached: is there a network?</source>
            <translation>Der Server, der die neueste Version kennt, ist nicht erreichbar: Gibt es ein Netz?</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>Nothing published</source>
            <translation>Nichts veröffentlicht</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>No version is published at the app's address yet.</source>
            <translation>Unter der Adresse der App ist noch keine Version veröffentlicht.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>Asked too often</source>
            <translation>Zu oft gefragt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server has answered too many questions from your network: try again in an hour.</source>
            <translation>Der Server hat zu viele Fragen aus Ihrem Netz beantwortet: Bitte in einer Stunde noch einmal versuchen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>No answer</source>
            <translation>Keine Antwort</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server answered {0} when asked for the newest version.</source>
            <translation>Der Server hat auf die Frage nach der neuesten Version mit {0} geantwortet.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/services/updates.py" />
            <source>The server does not answer in time: try again later.</source>
            <translation>Der Server antwortet nicht rechtzeitig: Bitte später noch einmal versuchen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is not a picture that can be opened. PNG, JPEG, WebP, AVIF, HEIC, TIFF, BMP and GIF files can.</source>
            <translation>„{0}“ ist kein Bild, das geöffnet werden kann. PNG-, JPEG-, WebP-, AVIF-, HEIC-, TIFF-, BMP- und GIF-Dateien können es.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” has {1} × {2} pixels; at most {3} megapixels can be opened.</source>
            <translation>„{0}“ hat {1} × {2} Pixel; höchstens {3} Megapixel können geöffnet werden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>That is a folder</source>
            <translation>Das ist ein Ordner</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is a folder. Open the photos inside it instead.</source>
            <translation>„{0}“ ist ein Ordner. Bitte die Fotos darin öffnen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>File out of sight</source>
            <translation>Datei nicht zu sehen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>The app's sandbox does not show “{0}”: choose it with Open.</source>
            <translation>Die Sandbox der App zeigt „{0}“ nicht: Bitte mit „Öffnen“ auswählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>File not found</source>
            <translation>Datei nicht gefunden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is no longer there.</source>
            <translation>„{0}“ ist nicht mehr da.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>File cannot be read</source>
            <translation>Datei kann nicht gelesen werden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” cannot be read: {1}.</source>
            <translation>„{0}“ kann nicht gelesen werden: {1}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is empty: it holds no picture.</source>
            <translation>„{0}“ ist leer: es enthält kein Bild.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/picture_files.py" />
            <source>“{0}” is damaged or incomplete.</source>
            <translation>„{0}“ ist beschädigt oder unvollständig.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/saving.py" />
            <source>Folder not found</source>
            <translation>Ordner nicht gefunden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/saving.py" />
            <source>The folder for results, “{0}”, is not there any more.</source>
            <translation>Der Ordner für Ergebnisse, „{0}“, ist nicht mehr da.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>No room for results</source>
            <translation>Kein Platz für Ergebnisse</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>The folder for temporary results cannot be made: {0}.</source>
            <translation>Der Ordner für vorläufige Ergebnisse kann nicht angelegt werden: {0}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/catalogue.py" />
            <source>These can be downloaded: {0}.</source>
            <translation>Diese können heruntergeladen werden: {0}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/catalogue.py" />
            <source>None can be downloaded yet.</source>
            <translation>Noch kann keines heruntergeladen werden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/catalogue.py" />
            <source>No model “{0}” can be downloaded. {1}</source>
            <translation>Ein Modell „{0}“ kann nicht heruntergeladen werden. {1}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>“{0}” cannot be downloaded now ({1}). What has arrived is kept, and the next attempt goes on from there.</source>
            <translation>„{0}“ kann jetzt nicht heruntergeladen werden ({1}). Was angekommen ist, bleibt erhalten, und der nächste Versuch macht dort weiter.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>Already under way</source>
            <translation>Schon im Gange</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>“{0}” is being downloaded by another window.</source>
            <translation>„{0}“ wird von einem anderen Fenster heruntergeladen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>Not the file that was listed</source>
            <translation>Nicht die aufgeführte Datei</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>What the server sends for “{0}” is not the file that was published: {1}. Nothing was installed.</source>
            <translation>Was der Server für „{0}“ sendet, ist nicht die veröffentlichte Datei: {1}. Nichts wurde installiert.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>Disk full</source>
            <translation>Datenträger voll</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>“{0}” needs {1} MB in {2}, and the disk is full. What has arrived is kept.</source>
            <translation>„{0}“ braucht {1} MB in {2}, und der Datenträger ist voll. Was angekommen ist, bleibt erhalten.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>Cannot save the model</source>
            <translation>Das Modell kann nicht gespeichert werden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/download.py" />
            <source>“{0}” cannot be saved in {1} ({2}).</source>
            <translation>„{0}“ kann nicht in {1} gespeichert werden ({2}).</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>Downloads are switched off</source>
            <translation>Herunterladen ist abgeschaltet</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>The environment variable HF_HUB_OFFLINE forbids downloads.</source>
            <translation>Die Umgebungsvariable HF_HUB_OFFLINE verbietet das Herunterladen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>Model no longer there</source>
            <translation>Modell nicht mehr vorhanden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>The Hub has no such file in {0} any more, or it may not be read.</source>
            <translation>Der Hub hat keine solche Datei mehr in {0}, oder sie darf nicht gelesen werden.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>The Hub refuses</source>
            <translation>Der Hub lehnt ab</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/hub.py" />
            <source>The server answered {0} when asked for {1}.</source>
            <translation>Der Server antwortete {0}, als er nach {1} gefragt wurde.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model not saved</source>
            <translation>Modell nicht gespeichert</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Not a model of this app</source>
            <translation>Kein Modell dieser App</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} holds no packed model.</source>
            <translation>{0} enthält kein gepacktes Modell.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model of another version</source>
            <translation>Modell einer anderen Version</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} has format version {1}; this app reads version {2}.</source>
            <translation>{0} hat die Formatversion {1}; diese App liest Version {2}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model damaged</source>
            <translation>Modell beschädigt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} is damaged: its weights are not those it was saved with.</source>
            <translation>{0} ist beschädigt: die Gewichte sind nicht die, mit denen es gespeichert wurde.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model not usable</source>
            <translation>Modell nicht verwendbar</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} cannot be used: {1}.</source>
            <translation>{0} kann nicht verwendet werden: {1}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>There is no model file {0}.</source>
            <translation>Es gibt keine Modelldatei {0}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>Model not readable</source>
            <translation>Modell nicht lesbar</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/model_file.py" />
            <source>{0} is no whole safetensors file; it may be cut off ({1}).</source>
            <translation>{0} ist keine vollständige safetensors-Datei; vielleicht ist sie abgeschnitten ({1}).</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/weights/registry.py" />
            <source>There is no model {0}. Installed: {1}.</source>
            <translation>Es gibt kein Modell {0}. Installiert: {1}.</translation>
        </message>
    </context>
    <context>
        <name>Forecast</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/forecast.py" />
            <source>all %n: {0}</source>
            <translation>
                <numerusform>alle %n: {0}</numerusform>
                <numerusform>alle %n: {0}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/forecast.py" />
            <source>The photo is too large or too small for the chosen size</source>
            <translation>Das Foto ist zu groß oder zu klein für die gewählte Größe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/forecast.py" />
            <source>{0} on the processor</source>
            <translation>{0} auf dem Prozessor</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/forecast.py" />
            <source>{0} on the graphics card</source>
            <translation>{0} auf der Grafikkarte</translation>
        </message>
    </context>
    <context>
        <name>KeysDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Keyboard and mouse</source>
            <translation>Tastatur und Maus</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Close this window</source>
            <translation>Dieses Fenster schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>On the picture</source>
            <translation>Auf dem Bild</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Zoom at the pointer</source>
            <translation>Am Mauszeiger zoomen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Wheel</source>
            <translation>Mausrad</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Whole picture or 100 %</source>
            <translation>Ganzes Bild oder 100 %</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Double click</source>
            <translation>Doppelklick</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Move the picture</source>
            <translation>Bild verschieben</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Drag</source>
            <translation>Ziehen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Move the slider</source>
            <translation>Schieber bewegen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Show the photo while it is held</source>
            <translation>Foto zeigen, solange gehalten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Look there with the loupe</source>
            <translation>Mit der Lupe dorthin sehen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Click</source>
            <translation>Klick</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>In lists</source>
            <translation>In Listen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Take off the list</source>
            <translation>Von der Liste nehmen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Compare what the queue has done</source>
            <translation>Ergebnis der Warteschlange vergleichen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Move up or down in the queue</source>
            <translation>In der Warteschlange nach oben oder unten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/keys_dialog.py" />
            <source>Copy a saved result elsewhere</source>
            <translation>Gespeichertes Ergebnis anderswohin kopieren</translation>
        </message>
    </context>
    <context>
        <name>LanguageMenu</name>
        <message>
            <location filename="../../bimaco_gui/ui/language_menu.py" />
            <source>&amp;Language</source>
            <translation>&amp;Sprache</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/language_menu.py" />
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/language_menu.py" />
            <source>&amp;As the system</source>
            <translation>&amp;Wie im System</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/language_menu.py" />
            <source>The language changes at the next start.</source>
            <translation>Die Sprache wechselt beim nächsten Start.</translation>
        </message>
    </context>
    <context>
        <name>Layout</name>
        <message>
            <location filename="../../bimaco_gui/ui/layout.py" />
            <source>BiMaCo</source>
            <translation>BiMaCo</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/layout.py" />
            <source>Photo area</source>
            <translation>Fotobereich</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/layout.py" />
            <source>Messages</source>
            <translation>Meldungen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/layout.py" />
            <source>Photos</source>
            <translation>Fotos</translation>
        </message>
    </context>
    <context>
        <name>LicencesDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Licences</source>
            <translation>Lizenzen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Licence texts</source>
            <translation>Lizenztexte</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>The app</source>
            <translation>Die App</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>The sample photo</source>
            <translation>Das Beispielfoto</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Libraries</source>
            <translation>Bibliotheken</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/licences_dialog.py" />
            <source>Close this window</source>
            <translation>Dieses Fenster schließen</translation>
        </message>
    </context>
    <context>
        <name>Loupe</name>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Loupe</source>
            <translation>Lupe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>The final pixels of this part. Drag it, or click on the photo to move it.</source>
            <translation>Die endgültigen Pixel dieses Ausschnitts. Zum Verschieben ziehen oder auf das Foto klicken.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Nothing to show yet.</source>
            <translation>Noch nichts zu zeigen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Shows the final pixels. Space shows the photo.</source>
            <translation>Zeigt die endgültigen Pixel. Die Leertaste zeigt das Foto.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Preview</source>
            <translation>Vorschau</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Before</source>
            <translation>Vorher</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/loupe.py" />
            <source>Arrow keys move it.</source>
            <translation>Pfeiltasten verschieben sie.</translation>
        </message>
    </context>
    <context>
        <name>MenuBar</name>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;File</source>
            <translation>&amp;Datei</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Open…</source>
            <translation>Ö&amp;ffnen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Upscale &amp;many photos…</source>
            <translation>&amp;Viele Fotos vergrößern …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Open &amp;recent</source>
            <translation>Zuletzt &amp;geöffnet</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Open recent</source>
            <translation>Zuletzt geöffnet</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Open the sa&amp;mple</source>
            <translation>Beis&amp;piel öffnen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Save</source>
            <translation>&amp;Speichern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Save &amp;as…</source>
            <translation>Speichern &amp;unter …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Save a&amp;ll</source>
            <translation>A&amp;lle speichern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Show in &amp;folder</source>
            <translation>Im &amp;Ordner zeigen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Close photo</source>
            <translation>Foto s&amp;chließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Quit</source>
            <translation>&amp;Beenden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Edit</source>
            <translation>&amp;Bearbeiten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Undo</source>
            <translation>&amp;Rückgängig</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Redo</source>
            <translation>Wieder&amp;herstellen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Copy result</source>
            <translation>Ergebnis &amp;kopieren</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Paste picture</source>
            <translation>Bild &amp;einfügen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Upscale</source>
            <translation>&amp;Vergrößern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Cancel</source>
            <translation>&amp;Abbrechen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Next photo</source>
            <translation>&amp;Nächstes Foto</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Previous photo</source>
            <translation>&amp;Voriges Foto</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;View</source>
            <translation>&amp;Ansicht</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Slider</source>
            <translation>&amp;Schieber</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Side &amp;by side</source>
            <translation>&amp;Nebeneinander</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Result alone</source>
            <translation>E&amp;rgebnis allein</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Difference</source>
            <translation>&amp;Differenz</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Loupe</source>
            <translation>&amp;Lupe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Se&amp;ttings</source>
            <translation>Ei&amp;nstellungen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Queue</source>
            <translation>&amp;Warteschlange</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Zoom &amp;in</source>
            <translation>Hinein&amp;zoomen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Zoom &amp;out</source>
            <translation>Hera&amp;uszoomen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Fit in window</source>
            <translation>Ins &amp;Fenster einpassen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;100 %</source>
            <translation>&amp;100 %</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Keyboard and mouse</source>
            <translation>&amp;Tastatur und Maus</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Models…</source>
            <translation>&amp;Modelle …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Doctor…</source>
            <translation>&amp;Diagnose …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>Check for &amp;updates…</source>
            <translation>Nach &amp;Updates suchen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Licences</source>
            <translation>&amp;Lizenzen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;About BiMaCo</source>
            <translation>&amp;Über BiMaCo</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/menu_bar.py" />
            <source>&amp;Clear this list</source>
            <translation>Diese Liste &amp;leeren</translation>
        </message>
    </context>
    <context>
        <name>Menus</name>
        <message>
            <location filename="../../bimaco_gui/ui/menus.py" />
            <source>Menu</source>
            <translation>Menü</translation>
        </message>
    </context>
    <context>
        <name>ModelDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Progress</source>
            <translation>Fortschritt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Download</source>
            <translation>Herunterladen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Fetch the chosen model from the Hub</source>
            <translation>Das gewählte Modell vom Hub holen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Stop; what has arrived is kept for the next attempt</source>
            <translation>Anhalten; was angekommen ist, bleibt für den nächsten Versuch erhalten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Add file…</source>
            <translation>Datei hinzufügen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Add a model file of your own, such as one you trained</source>
            <translation>Eine eigene Modelldatei hinzufügen, etwa eine selbst trainierte</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Import checkpoint…</source>
            <translation>Checkpoint importieren …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Make a model of the checkpoints that the authors of BiMaCoSR released</source>
            <translation>Aus den Checkpoints, die die Autoren von BiMaCoSR veröffentlicht haben, ein Modell machen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Remove the chosen model</source>
            <translation>Das gewählte Modell entfernen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Close this window</source>
            <translation>Dieses Fenster schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Downloading “{0}”…</source>
            <translation>„{0}“ wird heruntergeladen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Looking at “{0}”…</source>
            <translation>„{0}“ wird geprüft …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Importing “{0}”…</source>
            <translation>„{0}“ wird importiert …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Stopping…</source>
            <translation>Wird angehalten …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>A model file to add</source>
            <translation>Eine Modelldatei zum Hinzufügen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>First of two: the checkpoint of the UNet</source>
            <translation>Erster von zwei: der Checkpoint des UNets</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Second of two: the checkpoint of the autoencoder</source>
            <translation>Zweiter von zwei: der Checkpoint des Autoencoders</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Checkpoints</source>
            <translation>Checkpoints</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>All files</source>
            <translation>Alle Dateien</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Stopped. It goes on from here the next time.</source>
            <translation>Angehalten. Beim nächsten Mal geht es hier weiter.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>{0}: {1}</source>
            <translation>{0}: {1}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>comes with the app</source>
            <translation>gehört zur App</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>installed</source>
            <translation>installiert</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>can be downloaded</source>
            <translation>kann heruntergeladen werden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>{0} here</source>
            <translation>{0} sind da</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>licence: {0}</source>
            <translation>Lizenz: {0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Resume download</source>
            <translation>Herunterladen fortsetzen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/model_dialog.py" />
            <source>Ready</source>
            <translation>Bereit</translation>
        </message>
    </context>
    <context>
        <name>Opening</name>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Open photos</source>
            <translation>Fotos öffnen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Photos</source>
            <translation>Fotos</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>All files</source>
            <translation>Alle Dateien</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Dropped picture</source>
            <translation>Abgelegtes Bild</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Nothing to paste</source>
            <translation>Nichts zum Einfügen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>The clipboard holds neither a picture nor picture files.</source>
            <translation>Die Zwischenablage enthält weder ein Bild noch Bilddateien.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Pasted picture</source>
            <translation>Eingefügtes Bild</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Not a file on this computer</source>
            <translation>Keine Datei auf diesem Rechner</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/opening.py" />
            <source>Save the picture to a folder first, then drop the file here.</source>
            <translation>Bitte das Bild erst in einem Ordner speichern und dann die Datei hierher ziehen.</translation>
        </message>
    </context>
    <context>
        <name>PhotoList</name>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Photos</source>
            <translation>Fotos</translation>
        </message>
    </context>
    <context>
        <name>PhotoListModel</name>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Preparing…</source>
            <translation>Wird vorbereitet …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Saved by the queue</source>
            <translation>Von der Warteschlange gespeichert</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Done, not saved</source>
            <translation>Fertig, nicht gespeichert</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Saved</source>
            <translation>Gespeichert</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Opening…</source>
            <translation>Wird geöffnet …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Ready</source>
            <translation>Bereit</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Waiting</source>
            <translation>Wartet</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/photo_list.py" />
            <source>Failed</source>
            <translation>Fehlgeschlagen</translation>
        </message>
    </context>
    <context>
        <name>Plan</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n photo(s)</source>
            <translation>
                <numerusform>%n Foto</numerusform>
                <numerusform>%n Fotos</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>{0} are free in {1}.</source>
            <translation>{0} sind frei in {1}.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>Not enough room in {1}: {0} are free.</source>
            <translation>Nicht genug Platz in {1}: {0} sind frei.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n cannot be read</source>
            <translation>
                <numerusform>%n nicht lesbar</numerusform>
                <numerusform>%n nicht lesbar</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n done before</source>
            <translation>
                <numerusform>%n schon erledigt</numerusform>
                <numerusform>%n schon erledigt</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n large enough</source>
            <translation>
                <numerusform>%n groß genug</numerusform>
                <numerusform>%n groß genug</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n result(s) of others</source>
            <translation>
                <numerusform>%n Ergebnis von anderen</numerusform>
                <numerusform>%n Ergebnisse von anderen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n filtered out</source>
            <translation>
                <numerusform>%n ausgefiltert</numerusform>
                <numerusform>%n ausgefiltert</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>, </source>
            <comment>between things that are listed</comment>
            <translation>, </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>%n left out</source>
            <translation>
                <numerusform>%n ausgelassen</numerusform>
                <numerusform>%n ausgelassen</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>{0}: {1}.</source>
            <translation>{0}: {1}.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/plan_text.py" />
            <source>and %n more</source>
            <translation>
                <numerusform>und %n weiteres</numerusform>
                <numerusform>und %n weitere</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Previewing</name>
        <message>
            <location filename="../../bimaco_gui/ui/previewing.py" />
            <source>Computing…</source>
            <translation>Wird berechnet …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/previewing.py" />
            <source>No preview</source>
            <translation>Keine Vorschau</translation>
        </message>
    </context>
    <context>
        <name>Problem</name>
        <message>
            <location filename="../../bimaco_gui/ui/problem.py" />
            <source>Something went wrong</source>
            <translation>Etwas ist schiefgegangen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/problem.py" />
            <source>An unexpected error occurred. Your photos were not changed.</source>
            <translation>Ein unerwarteter Fehler ist aufgetreten. Ihre Fotos wurden nicht verändert.</translation>
        </message>
    </context>
    <context>
        <name>QueueControl</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>Nothing in the queue</source>
            <translation>Nichts in der Warteschlange</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>{0} of %n photo(s) done</source>
            <translation>
                <numerusform>{0} von %n Foto fertig</numerusform>
                <numerusform>{0} von %n Fotos fertig</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>{0} of %n photo(s) finished</source>
            <translation>
                <numerusform>{0} von %n Foto erledigt</numerusform>
                <numerusform>{0} von %n Fotos erledigt</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>paused</source>
            <translation>angehalten</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>%n failed</source>
            <translation>
                <numerusform>%n fehlgeschlagen</numerusform>
                <numerusform>%n fehlgeschlagen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>Remove %n row(s)</source>
            <translation>
                <numerusform>%n Zeile entfernen</numerusform>
                <numerusform>%n Zeilen entfernen</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_control.py" />
            <source>Change the order</source>
            <translation>Reihenfolge ändern</translation>
        </message>
    </context>
    <context>
        <name>QueueDelegate</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>{0}: {1}</source>
            <translation>{0}: {1}</translation>
        </message>
    </context>
    <context>
        <name>QueueList</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Queue</source>
            <translation>Warteschlange</translation>
        </message>
    </context>
    <context>
        <name>QueueModel</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Preparing…</source>
            <translation>Wird vorbereitet …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Finishing…</source>
            <translation>Wird abgeschlossen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Done. {0}</source>
            <translation>Fertig. {0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Waiting</source>
            <translation>Wartet</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Done</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Failed</source>
            <translation>Fehlgeschlagen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Cancelled</source>
            <translation>Abgebrochen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_model.py" />
            <source>Left out</source>
            <translation>Ausgelassen</translation>
        </message>
    </context>
    <context>
        <name>QueuePage</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Queue</source>
            <translation>Warteschlange</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Progress of the queue</source>
            <translation>Fortschritt der Warteschlange</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Pause</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Stand still until resumed</source>
            <translation>Stillhalten, bis fortgesetzt wird</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Cancel all</source>
            <translation>Alle abbrechen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Stop what runs and waits</source>
            <translation>Abbrechen, was läuft und wartet</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Retry failed</source>
            <translation>Fehlgeschlagene wiederholen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Run again what has failed</source>
            <translation>Noch einmal ausführen, was fehlgeschlagen ist</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Clear finished</source>
            <translation>Erledigte entfernen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Take off the list what is over</source>
            <translation>Von der Liste nehmen, was vorbei ist</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Back to the photo</source>
            <translation>Zurück zum Foto</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Leave the queue running (Ctrl+J)</source>
            <translation>Die Warteschlange weiterlaufen lassen (Strg+J)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Add…</source>
            <translation>Hinzufügen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Add folders or photos</source>
            <translation>Ordner oder Fotos hinzufügen</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>%n left out</source>
            <translation>
                <numerusform>%n ausgelassen</numerusform>
                <numerusform>%n ausgelassen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>%n cancelled</source>
            <translation>
                <numerusform>%n abgebrochen</numerusform>
                <numerusform>%n abgebrochen</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Nothing failed</source>
            <translation>Nichts ist fehlgeschlagen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Actions</source>
            <translation>Aktionen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>&amp;Compare with the photo</source>
            <translation>Mit dem Foto &amp;vergleichen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Show in &amp;folder</source>
            <translation>Im &amp;Ordner zeigen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>&amp;Run again</source>
            <translation>Erneut aus&amp;führen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>C&amp;ancel</source>
            <translation>A&amp;bbrechen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Re&amp;move</source>
            <translation>&amp;Entfernen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Move &amp;up</source>
            <translation>Nach &amp;oben</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Move &amp;down</source>
            <translation>Nach &amp;unten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_page.py" />
            <source>Copy &amp;reason</source>
            <translation>&amp;Grund kopieren</translation>
        </message>
    </context>
    <context>
        <name>QueueStrip</name>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Queue</source>
            <translation>Warteschlange</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Progress of the queue</source>
            <translation>Fortschritt der Warteschlange</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Show queue</source>
            <translation>Warteschlange zeigen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Show the queue (Ctrl+J)</source>
            <translation>Die Warteschlange zeigen (Strg+J)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/queue_strip.py" />
            <source>Queue: {0}</source>
            <translation>Warteschlange: {0}</translation>
        </message>
    </context>
    <context>
        <name>Recovery</name>
        <message>
            <location filename="../../bimaco_gui/ui/recovery.py" />
            <source>BiMaCo ended unexpectedly</source>
            <translation>BiMaCo wurde unerwartet beendet</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/recovery.py" />
            <source>%n photo(s) were open then.</source>
            <translation>
                <numerusform>Da war %n Foto geöffnet.</numerusform>
                <numerusform>Da waren %n Fotos geöffnet.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ReportDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Doctor</source>
            <translation>Diagnose</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Looking…</source>
            <translation>Wird nachgesehen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Add this to a report of a problem. Nothing is sent by itself.</source>
            <translation>Dies einem Fehlerbericht beilegen. Nichts wird von selbst gesendet.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Copy the report</source>
            <translation>Den Bericht kopieren</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Open log folder</source>
            <translation>Protokollordner öffnen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Show the folder with the log file</source>
            <translation>Den Ordner mit der Protokolldatei zeigen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Close this window</source>
            <translation>Dieses Fenster schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/report_dialog.py" />
            <source>Copied</source>
            <translation>Kopiert</translation>
        </message>
    </context>
    <context>
        <name>SaveDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Save result</source>
            <translation>Ergebnis speichern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>File</source>
            <translation>Datei</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Browse…</source>
            <translation>Durchsuchen …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Choose folder and name</source>
            <translation>Ordner und Name wählen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Format</source>
            <translation>Format</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Quality</source>
            <translation>Qualität</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Higher looks better and makes larger files</source>
            <translation>Höher sieht besser aus und macht größere Dateien</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Save</source>
            <translation>Speichern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Write the file</source>
            <translation>Die Datei schreiben</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Do not save</source>
            <translation>Nicht speichern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>&amp;File</source>
            <translation>&amp;Datei</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Fo&amp;rmat</source>
            <translation>&amp;Format</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>&amp;Quality</source>
            <translation>&amp;Qualität</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Save or cancel</source>
            <translation>Speichern oder abbrechen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Note</source>
            <translation>Hinweis</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Keeps every pixel. Good for most uses.</source>
            <translation>Erhält jedes Pixel. Gut für die meisten Zwecke.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Small files that open everywhere. Transparency is lost.</source>
            <translation>Kleine Dateien, die sich überall öffnen lassen. Transparenz geht verloren.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Smaller still than JPEG, keeps transparency. Not every program opens it.</source>
            <translation>Noch kleiner als JPEG, erhält Transparenz. Nicht jedes Programm öffnet es.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>The smallest files. Saving takes longer; newer programs open it.</source>
            <translation>Die kleinsten Dateien. Das Speichern dauert länger; neuere Programme öffnen es.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Keeps every pixel. Large files, for printing and archives.</source>
            <translation>Erhält jedes Pixel. Große Dateien, für Druck und Archiv.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Save result as</source>
            <translation>Ergebnis speichern unter</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>“{0}” exists already. Press Replace to replace it.</source>
            <translation>„{0}“ gibt es schon. „Ersetzen“ drücken, um sie zu ersetzen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Replace</source>
            <translation>Ersetzen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>Type a file name.</source>
            <translation>Bitte einen Dateinamen eingeben.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>That is the original photo. Choose another name.</source>
            <translation>Das ist das Originalfoto. Bitte einen anderen Namen wählen.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_dialog.py" />
            <source>The folder “{0}” does not exist.</source>
            <translation>Den Ordner „{0}“ gibt es nicht.</translation>
        </message>
    </context>
    <context>
        <name>SaveSection</name>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Save as</source>
            <translation>Speichern als</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Format</source>
            <translation>Format</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Format of the photo</source>
            <translation>Format des Fotos</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Quality</source>
            <translation>Qualität</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Higher looks better and makes larger files</source>
            <translation>Höher sieht besser aus und macht größere Dateien</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Depth</source>
            <translation>Farbtiefe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Depth of the photo</source>
            <translation>Farbtiefe des Fotos</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>8 bits a channel</source>
            <translation>8 Bit je Kanal</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>16 bits a channel</source>
            <translation>16 Bit je Kanal</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Folder…</source>
            <translation>Ordner …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Choose where results go</source>
            <translation>Wählen, wohin Ergebnisse kommen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Save beside each photo</source>
            <translation>Neben jedem Foto speichern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Name of results</source>
            <translation>Name der Ergebnisse</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>What results are called; fields stand in braces</source>
            <translation>Wie Ergebnisse heißen; Felder stehen in geschweiften Klammern</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Insert a field into the name</source>
            <translation>Ein Feld in den Namen einfügen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Insert field</source>
            <translation>Feld einfügen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Leave out &amp;where it was taken</source>
            <translation>Auf&amp;nahmeort weglassen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Leave out where it was taken</source>
            <translation>Aufnahmeort weglassen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Removes the GPS position from the saved file</source>
            <translation>Entfernt die GPS-Position aus der gespeicherten Datei</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Folder for results</source>
            <translation>Ordner für Ergebnisse</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Folder and name</source>
            <translation>Ordner und Name</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Name of the photo</source>
            <translation>Name des Fotos</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Factor</source>
            <translation>Faktor</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Width</source>
            <translation>Breite</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Height</source>
            <translation>Höhe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Date</source>
            <translation>Datum</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Number in the batch</source>
            <translation>Nummer im Stapel</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Fields</source>
            <translation>Felder</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/save_section.py" />
            <source>Beside each photo</source>
            <translation>Neben jedem Foto</translation>
        </message>
    </context>
    <context>
        <name>Session</name>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>%n more</source>
            <translation>
                <numerusform>%n weitere</numerusform>
                <numerusform>%n weitere</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>%n file(s) could not be opened</source>
            <translation>
                <numerusform>%n Datei konnte nicht geöffnet werden</numerusform>
                <numerusform>%n Dateien konnten nicht geöffnet werden</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/session.py" />
            <source>No picture to open: {0}.</source>
            <translation>Kein Bild zum Öffnen: {0}.</translation>
        </message>
    </context>
    <context>
        <name>SettingsPanel</name>
        <message>
            <location filename="../../bimaco_gui/ui/settings_panel.py" />
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
    </context>
    <context>
        <name>ShownPhoto</name>
        <message>
            <location filename="../../bimaco_gui/ui/shown_photo.py" />
            <source>Opening “{0}”…</source>
            <translation>„{0}“ wird geöffnet …</translation>
        </message>
    </context>
    <context>
        <name>SizeSection</name>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>%n time(s) as wide and high</source>
            <translation>
                <numerusform>%n-mal so breit und hoch</numerusform>
                <numerusform>%n-mal so breit und hoch</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Other</source>
            <translation>Andere</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Give a size in pixels or a factor</source>
            <translation>Eine Größe in Pixeln oder einen Faktor angeben</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Kind of size</source>
            <translation>Art der Größe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Longest side</source>
            <translation>Längste Seite</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Width</source>
            <translation>Breite</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Height</source>
            <translation>Höhe</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Factor</source>
            <translation>Faktor</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>px</source>
            <translation>px</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Pixels</source>
            <translation>Pixel</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/size_section.py" />
            <source>Other size</source>
            <translation>Andere Größe</translation>
        </message>
    </context>
    <context>
        <name>UnsavedResults</name>
        <message>
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>Unsaved result</source>
            <translation>Ungespeichertes Ergebnis</translation>
        </message>
        <message numerus="yes">
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>Save %n result(s)?</source>
            <translation>
                <numerusform>%n Ergebnis speichern?</numerusform>
                <numerusform>%n Ergebnisse speichern?</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>Save the result of “{0}”?</source>
            <translation>Das Ergebnis von „{0}“ speichern?</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>What is not saved will be lost.</source>
            <translation>Was nicht gespeichert ist, geht verloren.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/unsaved.py" />
            <source>Close “{0}”</source>
            <translation>„{0}“ schließen</translation>
        </message>
    </context>
    <context>
        <name>UpdateDialog</name>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Updates</source>
            <translation>Aktualisierung</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Progress</source>
            <translation>Fortschritt</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>What is new</source>
            <translation>Was ist neu</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Look for updates when the app starts</source>
            <translation>Beim Start der App nach Updates suchen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>At most once a day</source>
            <translation>Höchstens einmal am Tag</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Nobody but {0} is asked. Like any server it sees your network address; it learns nothing of your photos.</source>
            <translation>Gefragt wird nur {0}. Wie jeder Server sieht er Ihre Netzwerkadresse; über Ihre Fotos erfährt er nichts.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Open the page</source>
            <translation>Seite öffnen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Show the new version in the browser</source>
            <translation>Die neue Version im Browser zeigen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Try again</source>
            <translation>Noch einmal versuchen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Ask once more</source>
            <translation>Noch einmal fragen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Wait for no answer</source>
            <translation>Auf keine Antwort warten</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Close this window</source>
            <translation>Dieses Fenster schließen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Asking for the newest version…</source>
            <translation>Die neueste Version wird erfragt …</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Stopped: it is not known whether there is a newer version.</source>
            <translation>Angehalten: Es ist nicht bekannt, ob es eine neuere Version gibt.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>Version {0} is there (you have {1}).</source>
            <translation>Version {0} ist da (Sie haben {1}).</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_dialog.py" />
            <source>You have the newest version ({0}).</source>
            <translation>Sie haben die neueste Version ({0}).</translation>
        </message>
    </context>
    <context>
        <name>UpdateNews</name>
        <message>
            <location filename="../../bimaco_gui/ui/update_news.py" />
            <source>There is a newer version</source>
            <translation>Es gibt eine neuere Version</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/update_news.py" />
            <source>Version {0} is there (you have {1}).</source>
            <translation>Version {0} ist da (Sie haben {1}).</translation>
        </message>
    </context>
    <context>
        <name>ViewBar</name>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Comparison</source>
            <translation>Vergleich</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Slider</source>
            <translation>Schieber</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Before and after meet at a slider (1)</source>
            <translation>Vorher und nachher treffen sich an einem Schieber (1)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Side by side</source>
            <translation>Nebeneinander</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>The same part of both (2)</source>
            <translation>Derselbe Ausschnitt von beiden (2)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Result</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>The result alone; hold Space to see the photo (3)</source>
            <translation>Das Ergebnis allein; Leertaste halten, um das Foto zu sehen (3)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>Difference</source>
            <translation>Differenz</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/view_bar.py" />
            <source>What the result has changed, four times as strong (4)</source>
            <translation>Was das Ergebnis geändert hat, vierfach verstärkt (4)</translation>
        </message>
    </context>
    <context>
        <name>WhenDoneMenu</name>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>When &amp;done</source>
            <translation>Wenn &amp;fertig</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>When done</source>
            <translation>Wenn fertig</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>&amp;Notify if another program is in front</source>
            <translation>&amp;Benachrichtigen, wenn ein anderes Programm vorn ist</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>&amp;Quit BiMaCo</source>
            <translation>BiMaCo b&amp;eenden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>&amp;Suspend the computer</source>
            <translation>Computer in den &amp;Ruhezustand versetzen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/when_done_menu.py" />
            <source>Shut &amp;down the computer</source>
            <translation>Computer &amp;herunterfahren</translation>
        </message>
    </context>
    <context>
        <name>Window</name>
        <message>
            <location filename="../../bimaco_gui/ui/window.py" />
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
    </context>
    <context>
        <name>Wording</name>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} MP</source>
            <translation>{0} MP</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>about {0}</source>
            <translation>etwa {0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>a few seconds</source>
            <translation>wenige Sekunden</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} s</source>
            <translation>{0} s</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} min</source>
            <translation>{0} Min.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} h {1} min</source>
            <translation>{0} Std. {1} Min.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} h</source>
            <translation>{0} Std.</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} left</source>
            <translation>noch {0}</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/wording.py" />
            <source>{0} %</source>
            <translation>{0} %</translation>
        </message>
    </context>
    <context>
        <name>ZoomBar</name>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom</source>
            <translation>Zoom</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom out</source>
            <translation>Herauszoomen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom out (Ctrl+−)</source>
            <translation>Herauszoomen (Strg+−)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom in</source>
            <translation>Hineinzoomen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom in (Ctrl++)</source>
            <translation>Hineinzoomen (Strg++)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Fit in window</source>
            <translation>Ins Fenster einpassen</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Fit in window (Ctrl+0)</source>
            <translation>Ins Fenster einpassen (Strg+0)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Show at 100 % (Ctrl+1)</source>
            <translation>Bei 100 % zeigen (Strg+1)</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>{0} %</source>
            <translation>{0} %</translation>
        </message>
        <message>
            <location filename="../../bimaco_gui/ui/zoom_bar.py" />
            <source>Zoom {0}, show at 100 %</source>
            <translation>Zoom {0}, bei 100 % zeigen</translation>
        </message>
    </context>
</TS>
