"""Publishers, health data access bodies and the words that stand for codes. Every address is an example address."""

TERMS = {
    # modalities
    "CT": "IMG1000042", "MR": "IMG1000038", "US": "IMG1000035", "PT": "IMG1000062", "PTCT": "IMG1004451", "PTMR": "IMG1004452",
    "SPECT": "IMG1000061", "SPECTCT": "IMG1004450", "MG": "IMG1004455", "XR": "IMG1000039", "CR": "IMG1000024", "DX": "IMG1000028",
    "SM": "IMG1004456", "WSI": "IMG1004459", "HE": "IMG1004463", "SCINT": "IMG1000079", "DCE": "IMG1004461", "DWI": "IMG1004467",
    "DTI": "IMG1004460", "FMRI": "IMG1004464", "PERF": "IMG1004471", "LDCT": "IMG1000086", "MRS": "IMG1000083", "PCCT": "IMG1000085",
    "DECT": "IMG1016768", "XA": "IMG1000041", "MRA": "IMG1004462",
    # manufacturers
    "siemens": "IMG1000044", "toshiba": "IMG1000045", "philips": "IMG1000046", "ge": "IMG1000047", "ims": "IMG1000048",
    "esaote": "IMG1000049", "canon": "IMG1000050", "agfa": "IMG1000051", "shimadzu": "IMG1000054", "mediso": "IMG1000056",
    "hitachi": "IMG1000057", "fujifilm": "IMG1000060", "uih": "IMG1000063", "hologic": "IMG1000064", "3dhistech": "IMG1000065",
    # body parts
    "prostate": "BP1000021", "prostate gland": "BP1000039", "brain": "BP1000051", "brain stem": "BP1000061", "breast": "BP1000136",
    "lung": "BP1000113", "bronchus and lung": "BP1000192", "chest": "BP1000067", "colon": "BP1000257", "rectum": "BP1000130",
    "colon and rectum": "BP1000170", "pelvis": "BP1000092", "abdomen": "BP1000173", "abdomen and pelvis": "BP1000211",
    "chest abdomen pelvis": "BP1000154", "liver": "BP1000105", "pancreas": "BP1000209", "kidney": "BP1000151", "bladder": "BP1000301",
    "stomach": "BP1000302", "esophagus": "BP1000303", "cervix": "BP1000290", "uterus": "BP1000085", "ovary": "BP1000340",
    "thyroid": "BP1000286", "neck": "BP1000121", "head and neck": "BP1000008", "meninges": "BP1000304", "soft tissue": "BP100040608",
    "extremity": "BP1000171", "femur": "BP1000019", "gallbladder": "BP1000142", "adrenal": "BP1000084", "body": "BP1000145",
    "lymph node": "BP1000202", "axilla": "BP1000158", "spine": "BP1000077", "knee": "BP1000112", "mass": "IMG1016511",
    "lesion": "IMG1016402", "nodule": "IMG1016591", "peripheral zone": "BP1000006", "transition zone": "BP1000100", "heart": "BP1000075",
    "bone": "CLIN1063497", "vulva": "BP1000400", "mediastinum": "BP1000107", "seminal vesicles": "BP1000191",
    # cancers
    "lung cancer": "CLIN1000065", "breast cancer": "CLIN1000060", "prostate cancer": "CLIN1000075", "colon cancer": "CLIN1000057",
    "rectal cancer": "CLIN1000077", "colorectal cancer": "CLIN1000054", "liver metastases": "CLIN1000192", "hcc": "CLIN1043447",
    "pancreatic cancer": "CLIN1000079", "kidney cancer": "CLIN1000058", "bladder cancer": "CLIN1000181", "stomach cancer": "CLIN1000090",
    "oesophageal cancer": "CLIN1000094", "cervical cancer": "CLIN1003317", "uterine cancer": "CLIN1003316", "ovarian cancer": "CLIN1003326",
    "glioblastoma": "CLIN1007993", "brain glioma": "CLIN1007970", "dipg": "CLIN1000062", "thyroid cancer": "CLIN1059392",
    "lymphoma": "CLIN1039310", "soft tissue sarcoma": "CLIN1007997", "bone cancer": "CLIN1000172", "meningioma": "CLIN1059402",
    "head and neck cancer": "CLIN1059399", "gallbladder cancer": "CLIN1000089", "unknown primary": "CLIN1007989",
    "nervous system tumour": "CLIN1054127", "dcis invasive": "CLIN1052313", "nsclc": "CLIN1063178", "axillary metastases": "CLIN1037792",
    # tiers
    "1": "SPEC1000009", "1A": "SPEC1000012", "1C": "SPEC10000011", "2": "SPEC1000011", "2A": "SPEC1000014", "2C": "SPEC1000013",
    "3": "SPEC1000010", "3A": "SPEC1000016", "3C": "SPEC1000015",
    # collection methods, dataset types, segmentation methods
    "only-image": "SPEC1000003", "patient": "SPEC1000004", "case-control": "SPEC1000005", "longitudinal": "SPEC1000006",
    "disease": "SPEC1000007", "cohort": "COM1002627", "processed": "SPEC1000018", "annotated": "SPEC1000019", "original": "SPEC1000020",
    "manual": "COM1000003", "semi": "COM1000005", "auto": "COM1000008",
    "M": "COM1001366", "F": "COM1001370",
}

# key: name, type, web host part, description, country
PUBLISHERS = {
    "chaimeleon": ("CHAIMELEON consortium", "researchInstitution", "chaimeleon", "European project that pooled images of lung, breast, prostate and colorectal cancer."),
    "eucanimage": ("EuCanImage consortium", "researchInstitution", "eucanimage", "European project on a cancer imaging platform linked to biological and health data."),
    "incisive": ("INCISIVE consortium", "researchInstitution", "incisive", "European project on multimodal imaging of four frequent cancers."),
    "procancer": ("ProCAncer-I consortium", "researchInstitution", "procancer-i", "European project on magnetic resonance imaging of prostate cancer."),
    "primage": ("PRIMAGE consortium", "researchInstitution", "primage", "European project on imaging of neuroblastoma and diffuse intrinsic pontine glioma."),
    "archive": ("Public imaging archive, European mirror", "researchInstitution", "public-archive", "Mirror of openly licensed collections of cancer images."),
    "neuro": ("Open neuro-oncology archive", "researchInstitution", "neuro-archive", "Open archive of brain imaging in the BIDS layout."),
    "helsinki": ("Nordic hospital biobank, Helsinki site", "biobank", "helsinki-biobank", "Hospital biobank with linked imaging."),
    "gdansk": ("University hospital imaging biobank, Gdańsk", "biobank", "gdansk-biobank", "Imaging biobank of a university hospital."),
    "rotterdam": ("Academic hospital imaging archive, Rotterdam", "healthcareSystem", "rotterdam-archive", "Research archive of an academic hospital."),
    "uppsala": ("Regional hospital research archive, Uppsala", "healthcareSystem", "uppsala-archive", "Research archive of a regional hospital."),
    "bergen": ("Gynaecological cancer biobank, Bergen", "biobank", "bergen-biobank", "Biobank of gynaecological cancers with imaging."),
    "heidelberg": ("Radiation oncology image archive, Heidelberg", "healthcareSystem", "heidelberg-archive", "Archive of planning images of a radiation oncology clinic."),
    "brno": ("Oncology institute imaging archive, Brno", "healthcareSystem", "brno-archive", "Image archive of an oncology institute."),
    "vienna": ("Orthopaedic tumour registry, Vienna", "registry", "vienna-registry", "Registry of tumours of bone and soft tissue."),
    "budapest": ("Hepatobiliary imaging archive, Budapest", "healthcareSystem", "budapest-archive", "Archive of a hepatobiliary unit."),
    "copenhagen": ("Mammography screening programme, Capital Region", "registry", "copenhagen-screening", "Regional screening programme for breast cancer."),
    "zagreb": ("Lung screening programme, Croatia", "nationalPublicHealthInstitute", "zagreb-screening", "National programme of low-dose CT screening."),
    "dublin": ("Breast assessment unit, Dublin", "healthcareSystem", "dublin-breast", "Assessment unit that sees women recalled from screening."),
    "leuven": ("Nuclear medicine research archive, Leuven", "healthcareSystem", "leuven-archive", "Research archive of a nuclear medicine department."),
    "kaunas": ("Oncology hospital image archive, Kaunas", "healthcareSystem", "kaunas-archive", "Image archive of an oncology hospital."),
    "ljubljana": ("Cancer registry imaging extension, Ljubljana", "registry", "ljubljana-registry", "Imaging linked to a population-based cancer registry."),
}

HDABS = {
    "FIN": ("Findata, Health and Social Data Permit Authority", "findata"),
    "FRA": ("Health Data Hub", "health-data-hub"),
    "DEU": ("Health Data Lab at the Federal Institute for Drugs and Medical Devices", "health-data-lab"),
    "DNK": ("Danish Health Data Authority", "danish-health-data-authority"),
    "BEL": ("Belgian Health Data Agency", "health-data-agency"),
    "SWE": ("Swedish eHealth Agency", "swedish-ehealth-agency"),
    "HRV": ("Croatian Institute of Public Health", "croatian-institute-of-public-health"),
    "ESP": ("Ministry of Health of Spain", "ministry-of-health-spain"),
    "IRL": ("Health Information and Quality Authority", "health-information-authority"),
    "PRT": ("Shared Services of the Ministry of Health of Portugal", "shared-services-portugal"),
}

NOTE = {
    "en": "Demonstration record: modelled on public information, it offers no real data.",
    "de": "Demonstrationseintrag: nach öffentlichen Angaben gestaltet, ohne echte Daten.",
    "fr": "Notice de démonstration : inspirée d’informations publiques, elle n’offre pas de données réelles.",
    "es": "Registro de demostración: basado en información pública, no ofrece datos reales.",
    "it": "Scheda dimostrativa: ispirata a informazioni pubbliche, non offre dati reali.",
    "pt": "Registo de demonstração: inspirado em informação pública, não oferece dados reais.",
    "el": "Εγγραφή επίδειξης: βασίζεται σε δημόσιες πληροφορίες και δεν προσφέρει πραγματικά δεδομένα.",
    "nl": "Demonstratierecord: gebaseerd op openbare informatie, zonder echte gegevens.",
    "fi": "Esittelytietue: perustuu julkisiin tietoihin eikä tarjoa todellista aineistoa.",
    "sv": "Demonstrationspost: bygger på offentlig information och erbjuder inga verkliga data.",
    "pl": "Rekord demonstracyjny: oparty na informacjach publicznych, nie udostępnia rzeczywistych danych.",
    "nb": "Demonstrasjonspost: bygger på offentlig informasjon og tilbyr ingen virkelige data.",
    "da": "Demonstrationspost: bygger på offentlige oplysninger og udbyder ingen rigtige data.",
    "cs": "Ukázkový záznam: vychází z veřejných informací a nenabízí skutečná data.",
    "hu": "Bemutató rekord: nyilvános adatok alapján készült, valódi adatot nem kínál.",
    "lt": "Parodomasis įrašas: parengtas pagal viešą informaciją, tikrų duomenų nesiūlo.",
    "hr": "Pokazni zapis: izrađen prema javnim podacima, ne nudi stvarne podatke.",
    "sl": "Predstavitveni zapis: pripravljen po javnih podatkih, ne ponuja resničnih podatkov.",
    "sr": "Демонстрациони запис: заснован на јавним подацима, не нуди стварне податке.",
    "ro": "Înregistrare demonstrativă: bazată pe informații publice, nu oferă date reale.",
}

EU_LANGUAGE = {
    "en": "ENG", "de": "DEU", "fr": "FRA", "es": "SPA", "it": "ITA", "pt": "POR", "el": "ELL", "nl": "NLD", "fi": "FIN", "sv": "SWE",
    "pl": "POL", "nb": "NOB", "da": "DAN", "cs": "CES", "hu": "HUN", "lt": "LIT", "hr": "HRV", "sl": "SLV", "sr": "SRP", "ro": "RON",
}

BASIC = [
    ("subject_id", "Subject", "Pseudonymous code of the person", "string"),
    ("age_at_diagnosis", "Age at diagnosis", "Age in completed years when the cancer was diagnosed", "integer"),
    ("sex_at_birth", "Sex at birth", "Sex assigned at birth", "string"),
    ("diagnosis_code", "Diagnosis code", "ICD-10 code of the cancer", "string"),
]
VARIABLES = {
    "basic": BASIC,
    "tnm": BASIC + [
        ("clinical_t", "Clinical T", "Clinical T category at diagnosis", "string"),
        ("clinical_n", "Clinical N", "Clinical N category at diagnosis", "string"),
        ("clinical_m", "Clinical M", "Clinical M category at diagnosis", "string"),
        ("overall_survival", "Overall survival", "Days from diagnosis to death or last contact", "integer"),
    ],
    "prostate": BASIC + [
        ("psa", "PSA", "Total prostate-specific antigen in ng/mL before the examination", "decimal"),
        ("isup_grade", "ISUP grade", "ISUP grade group of the biopsy, 1 to 5", "integer"),
        ("pirads", "PI-RADS", "Highest PI-RADS score of the examination", "integer"),
    ],
    "breast": BASIC + [
        ("birads", "BI-RADS", "BI-RADS assessment category", "string"),
        ("er_status", "ER status", "Oestrogen receptor status", "string"),
        ("pr_status", "PR status", "Progesterone receptor status", "string"),
        ("her2_status", "HER2 status", "HER2 status", "string"),
    ],
}
