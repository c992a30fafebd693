"""What the messages say, in five languages: how often a value is wanted, and what it must look like."""

LANGUAGES = ["en", "de", "fr", "es", "it"]

# How often: {n} is the label of the field, {v} says what a value must look like.
COUNT = {
    "1..1": [
        "Give “{n}” exactly once: {v}.",
        "„{n}“ bitte genau einmal angeben: {v}.",
        "Indiquez « {n} » exactement une fois : {v}.",
        "Indique «{n}» exactamente una vez: {v}.",
        "Indicare «{n}» esattamente una volta: {v}.",
    ],
    "1..n": [
        "Give “{n}” at least once: {v}.",
        "„{n}“ bitte mindestens einmal angeben: {v}.",
        "Indiquez « {n} » au moins une fois : {v}.",
        "Indique «{n}» al menos una vez: {v}.",
        "Indicare «{n}» almeno una volta: {v}.",
    ],
    "0..1": [
        "Give “{n}” at most once: {v}.",
        "„{n}“ höchstens einmal angeben: {v}.",
        "Indiquez « {n} » au plus une fois : {v}.",
        "Indique «{n}» como máximo una vez: {v}.",
        "Indicare «{n}» al massimo una volta: {v}.",
    ],
    "0..n": [
        "Correct “{n}”: {v}.",
        "„{n}“ bitte berichtigen: {v}.",
        "Corrigez « {n} » : {v}.",
        "Corrija «{n}»: {v}.",
        "Correggere «{n}»: {v}.",
    ],
}

RECOMMENDED = [
    "Add “{n}”: it is recommended.",
    "„{n}“ bitte ergänzen: es wird empfohlen.",
    "Ajoutez « {n} » : c’est recommandé.",
    "Añada «{n}»: se recomienda.",
    "Aggiungere «{n}»: è consigliato.",
]

# What only some access levels ask for: {level} is one of LEVELS.
RECOMMENDED_FOR = [
    "Add “{n}”: it is recommended for {level}.",
    "„{n}“ bitte ergänzen: es wird für {level} empfohlen.",
    "Ajoutez « {n} » : c’est recommandé pour {level}.",
    "Añada «{n}»: se recomienda para {level}.",
    "Aggiungere «{n}»: è consigliato per {level}.",
]

MANDATORY_FOR = [
    "Give “{n}” at least once, for it is mandatory for {level}: {v}.",
    "„{n}“ bitte mindestens einmal angeben, denn es ist Pflicht für {level}: {v}.",
    "Indiquez « {n} » au moins une fois, car c’est obligatoire pour {level} : {v}.",
    "Indique «{n}» al menos una vez, pues es obligatorio para {level}: {v}.",
    "Indicare «{n}» almeno una volta, perché è obbligatorio per {level}: {v}.",
]

LEVELS = {
    "NON_PUBLIC": ["data that are not public", "nicht öffentliche Daten", "des données non publiques", "datos no públicos", "dati non pubblici"],
    "RESTRICTED NON_PUBLIC": [
        "data that are restricted or not public",
        "beschränkt zugängliche und nicht öffentliche Daten",
        "des données restreintes ou non publiques",
        "datos restringidos o no públicos",
        "dati ristretti o non pubblici",
    ],
    "PUBLIC RESTRICTED": [
        "data that are public or restricted",
        "öffentliche und beschränkt zugängliche Daten",
        "des données publiques ou restreintes",
        "datos públicos o restringidos",
        "dati pubblici o ristretti",
    ],
}

MANDATORY_SOON = [
    "Add “{n}”: it will be mandatory in the European Health Data Space.",
    "„{n}“ bitte ergänzen: im Europäischen Gesundheitsdatenraum wird es Pflicht.",
    "Ajoutez « {n} » : ce sera obligatoire dans l’Espace européen des données de santé.",
    "Añada «{n}»: será obligatorio en el Espacio Europeo de Datos de Salud.",
    "Aggiungere «{n}»: sarà obbligatorio nello spazio europeo dei dati sanitari.",
]

UNKNOWN_CODE = [
    "Check the code of “{n}”: our copy of the list does not have it.",
    "Den Kode von „{n}“ bitte prüfen: in unserer Fassung der Liste fehlt er.",
    "Vérifiez le code de « {n} » : notre copie de la liste ne le contient pas.",
    "Revise el código de «{n}»: nuestra copia de la lista no lo contiene.",
    "Controllare il codice di «{n}»: la nostra copia della lista non lo contiene.",
]

# What a value must look like.
VALUE = {
    "text": ["a text", "ein Text", "un texte", "un texto", "un testo"],
    "uri-text": [
        "a web address that starts with http:// or https://, as text",
        "eine Webadresse, die mit http:// oder https:// beginnt, als Text",
        "une adresse web qui commence par http:// ou https://, comme texte",
        "una dirección web que empiece por http:// o https://, como texto",
        "un indirizzo web che inizia con http:// o https://, come testo",
    ],
    "iri": [
        "a link (IRI), not a text",
        "ein Link (IRI), kein Text",
        "un lien (IRI), pas un texte",
        "un enlace (IRI), no un texto",
        "un collegamento (IRI), non un testo",
    ],
    "node": [
        "a link, or a description with its own fields, not a text",
        "ein Link oder eine Beschreibung mit eigenen Feldern, kein Text",
        "un lien, ou une description avec ses propres champs, pas un texte",
        "un enlace, o una descripción con sus propios campos, no un texto",
        "un collegamento, o una descrizione con i propri campi, non un testo",
    ],
    "count": [
        "a whole number, 0 or more",
        "eine ganze Zahl, 0 oder größer",
        "un nombre entier, 0 ou plus",
        "un número entero, 0 o mayor",
        "un numero intero, 0 o maggiore",
    ],
    "decimal": [
        "a decimal number",
        "eine Dezimalzahl",
        "un nombre décimal",
        "un número decimal",
        "un numero decimale",
    ],
    "duration": [
        "a duration such as PT1S or P1D",
        "eine Dauer wie PT1S oder P1D",
        "une durée comme PT1S ou P1D",
        "una duración como PT1S o P1D",
        "una durata come PT1S o P1D",
    ],
    "boolean": [
        "true or false",
        "true (ja) oder false (nein)",
        "true (oui) ou false (non)",
        "true (sí) o false (no)",
        "true (sì) o false (no)",
    ],
    "date": [
        "a date such as 2024, 2024-05 or 2024-05-31, with its date type",
        "ein Datum wie 2024, 2024-05 oder 2024-05-31, mit Datumstyp",
        "une date comme 2024, 2024-05 ou 2024-05-31, avec son type de date",
        "una fecha como 2024, 2024-05 o 2024-05-31, con su tipo de fecha",
        "una data come 2024, 2024-05 o 2024-05-31, con il suo tipo di data",
    ],
    "mailto": [
        "a link such as mailto:name@example.org",
        "ein Link wie mailto:name@example.org",
        "un lien comme mailto:nom@example.org",
        "un enlace como mailto:nombre@example.org",
        "un collegamento come mailto:nome@example.org",
    ],
    "email": [
        "an e-mail address such as name@example.org",
        "eine E-Mail-Adresse wie name@example.org",
        "une adresse comme nom@example.org",
        "una dirección como nombre@example.org",
        "un indirizzo come nome@example.org",
    ],
    "version": [
        "three numbers such as 1.0.0, or year and month such as 2026.08.1",
        "drei Zahlen wie 1.0.0 oder Jahr und Monat wie 2026.08.1",
        "trois nombres comme 1.0.0, ou année et mois comme 2026.08.1",
        "tres números como 1.0.0, o año y mes como 2026.08.1",
        "tre numeri come 1.0.0, o anno e mese come 2026.08.1",
    ],
    "term": [
        "a term below “{root}” in the hyperontology",
        "ein Begriff unter „{root}“ in der Hyperontologie",
        "un terme placé sous « {root} » dans l’hyperontologie",
        "un término situado bajo «{root}» en la hiperontología",
        "un termine posto sotto «{root}» nell’iperontologia",
    ],
    "list": [
        "a code of the list “{root}”",
        "ein Kode der Liste „{root}“",
        "un code de la liste « {root} »",
        "un código de la lista «{root}»",
        "un codice della lista «{root}»",
    ],
    "media-type": [
        "a link to an IANA media type",
        "ein Link auf einen IANA-Medientyp",
        "un lien vers un type de média IANA",
        "un enlace a un tipo de medio IANA",
        "un collegamento a un tipo di media IANA",
    ],
    "place": [
        "a country, continent or place of the EU lists, a GeoNames link, or a described place",
        "ein Land, Kontinent oder Ort der EU-Listen, ein GeoNames-Link oder ein beschriebener Ort",
        "un pays, continent ou lieu des listes de l’UE, un lien GeoNames, ou un lieu décrit",
        "un país, continente o lugar de las listas de la UE, un enlace GeoNames o un lugar descrito",
        "un paese, continente o luogo delle liste UE, un link GeoNames o un luogo descritto",
    ],
    "hex": [
        "pairs of the digits 0-9 and the letters a-f in lower case",
        "Paare aus den Ziffern 0-9 und den Kleinbuchstaben a-f",
        "des paires de chiffres 0-9 et de lettres a-f en minuscules",
        "pares de cifras 0-9 y letras a-f en minúscula",
        "coppie di cifre 0-9 e lettere a-f minuscole",
    ],
    "sha1": [
        "SHA-1, written as the link of its SPDX term",
        "SHA-1, als Link auf den SPDX-Begriff",
        "SHA-1, comme lien vers le terme SPDX",
        "SHA-1, como enlace al término SPDX",
        "SHA-1, come collegamento al termine SPDX",
    ],
    "standard": [
        "a code of the list “standard”, or the link of a metadata profile",
        "ein Kode der Liste „standard“ oder der Link eines Metadatenprofils",
        "un code de la liste « standard », ou le lien d’un profil de métadonnées",
        "un código de la lista «standard», o el enlace de un perfil de metadatos",
        "un codice della lista «standard», o il collegamento a un profilo di metadati",
    ],
    "personal-data": [
        "a term of the DPV list of personal data (dpv/pd)",
        "ein Begriff der DPV-Liste personenbezogener Daten (dpv/pd)",
        "un terme de la liste DPV des données personnelles (dpv/pd)",
        "un término de la lista DPV de datos personales (dpv/pd)",
        "un termine della lista DPV dei dati personali (dpv/pd)",
    ],
    "code-values": [
        "a text made of system and code, such as “ICD-10: C61”",
        "ein Text aus System und Kode, etwa „ICD-10: C61“",
        "un texte avec système et code, comme « ICD-10: C61 »",
        "un texto con sistema y código, como «ICD-10: C61»",
        "un testo con sistema e codice, come «ICD-10: C61»",
    ],
}

ROOTS = {
    "SPEC1000008": ["Interoperability level", "Interoperabilitätsstufe", "Niveau d’interopérabilité", "Nivel de interoperabilidad", "Livello di interoperabilità"],
    "SPEC1000017": ["Dataset type", "Art des Datensatzes", "Type de jeu de données", "Tipo de conjunto de datos", "Tipo di dataset"],
    "SPEC1000002": ["Collection method", "Erhebungsweise", "Méthode de collecte", "Método de recogida", "Metodo di raccolta"],
    "COM1001396": ["Sex assigned at birth", "Geburtsgeschlecht", "Sexe attribué à la naissance", "Sexo asignado al nacer", "Sesso assegnato alla nascita"],
    "CLIN1007977": ["Malignant neoplastic disease", "Bösartige Neubildung", "Maladie néoplasique maligne", "Enfermedad neoplásica maligna", "Malattia neoplastica maligna"],
    "IMG1000009": ["Imaging modality", "Bildgebungsverfahren", "Modalité d’imagerie", "Modalidad de imagen", "Modalità di imaging"],
    "IMG1000010": ["Manufacturer", "Hersteller", "Fabricant", "Fabricante", "Produttore"],
    "BP1000024": ["Body structure", "Körperstruktur", "Structure corporelle", "Estructura corporal", "Struttura corporea"],
    "COM1001204": ["Segmentation method", "Segmentierungsverfahren", "Méthode de segmentation", "Método de segmentación", "Metodo di segmentazione"],
}

RULE = {
    "title-english": [
        "Give the title in English too, marked as English (@en).",
        "Den Titel bitte auch auf Englisch angeben, als Englisch gekennzeichnet (@en).",
        "Donnez aussi le titre en anglais, marqué comme anglais (@en).",
        "Dé también el título en inglés, marcado como inglés (@en).",
        "Indicare anche il titolo in inglese, contrassegnato come inglese (@en).",
    ],
    "description-english": [
        "Give the description in English too, marked as English (@en).",
        "Die Beschreibung bitte auch auf Englisch angeben, als Englisch gekennzeichnet (@en).",
        "Donnez aussi la description en anglais, marquée comme anglais (@en).",
        "Dé también la descripción en inglés, marcada como inglés (@en).",
        "Indicare anche la descrizione in inglese, contrassegnata come inglese (@en).",
    ],
    "contact-either": [
        "Give the contact a page or an e-mail address: one of the two is needed.",
        "Die Kontaktstelle braucht eine Seite oder eine E-Mail-Adresse.",
        "Donnez au contact une page ou une adresse électronique : l’une des deux est nécessaire.",
        "Dé al contacto una página o un correo electrónico: hace falta uno de los dos.",
        "Dare al contatto una pagina o un indirizzo e-mail: serve uno dei due.",
    ],
    "variables-needed": [
        "The data are marked as structured: describe their variables.",
        "Die Daten sind als strukturiert gekennzeichnet: bitte die Variablen beschreiben.",
        "Les données sont déclarées structurées : décrivez leurs variables.",
        "Los datos figuran como estructurados: describa sus variables.",
        "I dati sono indicati come strutturati: descriverne le variabili.",
    ],
    "hdab-missing": [
        "Incomplete for EHDS: name the health data access body as soon as it is known.",
        "Für den EHDS unvollständig: die Zugangsstelle für Gesundheitsdaten nennen, sobald sie feststeht.",
        "Incomplet pour l’EHDS : nommez l’organisme d’accès aux données de santé dès qu’il est connu.",
        "Incompleto para el EHDS: indique el organismo de acceso a datos sanitarios en cuanto se conozca.",
        "Incompleto per l’EHDS: indicare l’organismo di accesso ai dati sanitari appena è noto.",
    ],
    "hdab-placeholder": [
        "Do not use a placeholder: leave the health data access body out until its name is known.",
        "Kein Platzhalter: die Zugangsstelle weglassen, bis ihr Name feststeht.",
        "Pas de texte provisoire : omettez l’organisme d’accès tant que son nom n’est pas connu.",
        "No use un texto provisional: omita el organismo de acceso hasta conocer su nombre.",
        "Non usare un segnaposto: omettere l’organismo di accesso finché il nome non è noto.",
    ],
    "type-needed": [
        "Give at least one type: Original, Processed or Annotated Dataset of the hyperontology, or a DPV data term.",
        "Mindestens eine Art angeben: Original, Processed oder Annotated Dataset der Hyperontologie oder ein DPV-Datenbegriff.",
        "Donnez au moins un type : Original, Processed ou Annotated Dataset de l’hyperontologie, ou un terme DPV.",
        "Dé al menos un tipo: Original, Processed o Annotated Dataset de la hiperontología, o un término DPV.",
        "Indicare almeno un tipo: Original, Processed o Annotated Dataset dell’iperontologia, o un termine DPV.",
    ],
    "type-unknown": [
        "This type is neither a dataset type of the hyperontology nor a DPV term; it is kept.",
        "Diese Art ist weder eine Datensatzart der Hyperontologie noch ein DPV-Begriff; sie bleibt erhalten.",
        "Ce type n’est ni un type de l’hyperontologie ni un terme DPV ; il est conservé.",
        "Este tipo no es ni un tipo de la hiperontología ni un término DPV; se conserva.",
        "Questo tipo non è né un tipo dell’iperontologia né un termine DPV; viene mantenuto.",
    ],
    "cancer-theme": [
        "Add the health theme “Cancer Disease”: it is recommended for this catalogue.",
        "Das Gesundheitsthema „Cancer Disease“ ergänzen: es wird für diesen Katalog empfohlen.",
        "Ajoutez le thème de santé « Cancer Disease » : il est recommandé dans ce catalogue.",
        "Añada el tema de salud «Cancer Disease»: se recomienda en este catálogo.",
        "Aggiungere il tema sanitario «Cancer Disease»: è consigliato in questo catalogo.",
    ],
    "keyword-language": [
        "Mark the language of the keyword, for example @en.",
        "Die Sprache des Schlagworts kennzeichnen, zum Beispiel @de.",
        "Indiquez la langue du mot clé, par exemple @fr.",
        "Indique el idioma de la palabra clave, por ejemplo @es.",
        "Indicare la lingua della parola chiave, per esempio @it.",
    ],
    "title-language": [
        "Mark the language of the title, for example @en.",
        "Die Sprache des Titels kennzeichnen, zum Beispiel @de.",
        "Indiquez la langue du titre, par exemple @fr.",
        "Indique el idioma del título, por ejemplo @es.",
        "Indicare la lingua del titolo, per esempio @it.",
    ],
    "doi": [
        "Give the publication as a DOI link (https://doi.org/…) if it has one.",
        "Die Veröffentlichung als DOI-Link (https://doi.org/…) angeben, falls vorhanden.",
        "Donnez la publication par un lien DOI (https://doi.org/…) s’il existe.",
        "Indique la publicación con un enlace DOI (https://doi.org/…) si lo tiene.",
        "Indicare la pubblicazione con un link DOI (https://doi.org/…) se esiste.",
    ],
    "ages-in-order": [
        "The lowest age is above the highest age: check both.",
        "Das untere Alter liegt über dem oberen: bitte beide prüfen.",
        "L’âge minimal dépasse l’âge maximal : vérifiez les deux.",
        "La edad mínima supera la máxima: revise ambas.",
        "L’età minima supera quella massima: controllare entrambe.",
    ],
    "segmentations-within-studies": [
        "There are more segmented studies than studies: check both numbers.",
        "Es gibt mehr segmentierte Studien als Studien: bitte beide Zahlen prüfen.",
        "Il y a plus d’examens segmentés que d’examens : vérifiez les deux nombres.",
        "Hay más estudios segmentados que estudios: revise ambas cifras.",
        "Ci sono più esami segmentati che esami: controllare entrambi i numeri.",
    ],
    "period-in-order": [
        "The start is after the end, or the two dates have different forms: check both.",
        "Der Beginn liegt nach dem Ende, oder beide Daten haben verschiedene Formen: bitte prüfen.",
        "Le début est après la fin, ou les deux dates n’ont pas la même forme : vérifiez-les.",
        "El inicio es posterior al fin, o las dos fechas tienen formas distintas: revíselas.",
        "L’inizio è dopo la fine, o le due date hanno forme diverse: controllarle.",
    ],
    "access-condition": [
        "Give at least one access condition: download, in-situ processing or remote processing.",
        "Mindestens eine Zugangsbedingung angeben: Download, Verarbeitung vor Ort oder Fernverarbeitung.",
        "Donnez au moins une condition d’accès : téléchargement, traitement sur place ou à distance.",
        "Dé al menos una condición de acceso: descarga, proceso in situ o proceso remoto.",
        "Indicare almeno una condizione di accesso: download, elaborazione in loco o remota.",
    ],
    "dataset-or-service": [
        "Name what the catalogue lists: a dataset or a data service.",
        "Angeben, was der Katalog aufführt: einen Datensatz oder einen Datendienst.",
        "Indiquez ce que recense le catalogue : un jeu de données ou un service de données.",
        "Indique qué recoge el catálogo: un conjunto de datos o un servicio de datos.",
        "Indicare che cosa elenca il catalogo: un dataset o un servizio dati.",
    ],
    "health-theme": [
        "Name the theme “Health” (HEAL) of the EU list: it is mandatory for health data.",
        "Das Thema „Gesundheit“ (HEAL) der EU-Liste angeben: für Gesundheitsdaten ist es Pflicht.",
        "Indiquez le thème « Santé » (HEAL) de la liste de l’UE : il est obligatoire pour des données de santé.",
        "Indique el tema «Salud» (HEAL) de la lista de la UE: es obligatorio para datos de salud.",
        "Indicare il tema «Salute» (HEAL) della lista dell’UE: è obbligatorio per i dati sanitari.",
    ],
    "eu-type": [
        "Add a type of the EU list of dataset types: European portals sort by it.",
        "Eine Art aus der EU-Liste der Datensatzarten ergänzen: europäische Portale ordnen danach.",
        "Ajoutez un type de la liste de l’UE : les portails européens trient d’après lui.",
        "Añada un tipo de la lista de la UE: los portales europeos ordenan por él.",
        "Aggiungere un tipo della lista dell’UE: i portali europei ordinano in base a esso.",
    ],
    "media-type-known": [
        "Give the media type as a link to the IANA list.",
        "Den Medientyp als Link auf die IANA-Liste angeben.",
        "Indiquez le type de média par un lien vers la liste de l’IANA.",
        "Indique el tipo de medio con un enlace a la lista de la IANA.",
        "Indicare il tipo di media con un collegamento alla lista IANA.",
    ],
    "policy-rule": [
        "Give the policy at least one permission, prohibition or obligation.",
        "Das Regelwerk braucht mindestens eine Erlaubnis, ein Verbot oder eine Pflicht.",
        "Donnez à la politique au moins une permission, interdiction ou obligation.",
        "Dé a la política al menos un permiso, una prohibición o una obligación.",
        "Dare alla politica almeno un permesso, un divieto o un obbligo.",
    ],
    "checksum-length": [
        "The checksum does not have the length of its algorithm (MD5 32, SHA-1 40, SHA-224 56, SHA-256 64, SHA-384 96, SHA-512 128 digits).",
        "Die Länge der Prüfsumme passt nicht zum Verfahren (MD5 32, SHA-1 40, SHA-224 56, SHA-256 64, SHA-384 96, SHA-512 128 Stellen).",
        "La longueur de la somme ne correspond pas à l’algorithme (MD5 32, SHA-1 40, SHA-224 56, SHA-256 64, SHA-384 96, SHA-512 128 chiffres).",
        "La longitud de la suma no corresponde al algoritmo (MD5 32, SHA-1 40, SHA-224 56, SHA-256 64, SHA-384 96, SHA-512 128 dígitos).",
        "La lunghezza della somma non corrisponde all’algoritmo (MD5 32, SHA-1 40, SHA-224 56, SHA-256 64, SHA-384 96, SHA-512 128 cifre).",
    ],
    "male-cancer": [
        "This cancer occurs in men, but “Sex at birth” does not name Male: check both.",
        "Dieser Krebs tritt bei Männern auf, doch „Geburtsgeschlecht“ nennt nicht Male: bitte beides prüfen.",
        "Ce cancer touche les hommes, mais « Sexe à la naissance » n’indique pas Male : vérifiez les deux.",
        "Este cáncer afecta a varones, pero «Sexo al nacer» no indica Male: revise ambos.",
        "Questo tumore colpisce gli uomini, ma «Sesso alla nascita» non indica Male: controllare entrambi.",
    ],
    "female-cancer": [
        "This cancer occurs in women, but “Sex at birth” does not name Female: check both.",
        "Dieser Krebs tritt bei Frauen auf, doch „Geburtsgeschlecht“ nennt nicht Female: bitte beides prüfen.",
        "Ce cancer touche les femmes, mais « Sexe à la naissance » n’indique pas Female : vérifiez les deux.",
        "Este cáncer afecta a mujeres, pero «Sexo al nacer» no indica Female: revise ambos.",
        "Questo tumore colpisce le donne, ma «Sesso alla nascita» non indica Female: controllare entrambi.",
    ],
    "finding-site": [
        "None of the body parts is where this cancer is found: check both.",
        "Keiner der Körperteile ist ein Ort dieses Krebses: bitte beides prüfen.",
        "Aucune des parties du corps n’est un siège de ce cancer : vérifiez les deux.",
        "Ninguna de las partes del cuerpo es lugar de este cáncer: revise ambas.",
        "Nessuna delle parti del corpo è sede di questo tumore: controllare entrambe.",
    ],
    "version-form": [
        "Write the version as three numbers such as 1.0.0, or as year and month such as 2026.08.1.",
        "Die Version als drei Zahlen wie 1.0.0 oder als Jahr und Monat wie 2026.08.1 schreiben.",
        "Écrivez la version en trois nombres comme 1.0.0, ou en année et mois comme 2026.08.1.",
        "Escriba la versión como tres números, por ejemplo 1.0.0, o como año y mes, por ejemplo 2026.08.1.",
        "Scrivere la versione come tre numeri, per esempio 1.0.0, o come anno e mese, per esempio 2026.08.1.",
    ],
    "algorithm-needed": [
        "Say with which algorithm the checksum was made, for example SHA-256.",
        "Angeben, mit welchem Verfahren die Prüfsumme erzeugt wurde, zum Beispiel SHA-256.",
        "Indiquez l’algorithme de la somme de contrôle, par exemple SHA-256.",
        "Indique con qué algoritmo se obtuvo la suma, por ejemplo SHA-256.",
        "Indicare con quale algoritmo è stata calcolata la somma, per esempio SHA-256.",
    ],
    "status-unknown": [
        "Choose the status from the list “distribution-status”; the code that is given comes from elsewhere.",
        "Den Status aus der Liste „distribution-status“ wählen; der angegebene Kode stammt aus einer anderen.",
        "Choisissez le statut dans la liste « distribution-status » ; le code donné vient d’ailleurs.",
        "Elija el estado de la lista «distribution-status»; el código indicado procede de otra.",
        "Scegliere lo stato dalla lista «distribution-status»; il codice indicato viene da un’altra.",
    ],
}
