"""The demonstration datasets: one entry each. Keys are explained in build.py."""

D = []


def add(id, catalogue, **facts):
    D.append(dict(id=id, catalogue=catalogue, **facts))


# CHAIMELEON
add("chaimeleon-lung-ct", "chaimeleon", publisher="chaimeleon", tier="3C", cancer="lung cancer", modality="CT PTCT", maker="siemens ge philips toshiba",
    body=["lung", "chest"], sex="MF", people=4310, studies=7864, ages=(34, 91), period=("2009-01-12", "2023-06-30"), countries="ESP ITA FRA PRT",
    title={"en": "CHAIMELEON lung cancer: CT and PET-CT at diagnosis and follow-up", "es": "CHAIMELEON cáncer de pulmón: TC y PET-TC al diagnóstico y seguimiento"},
    text={"en": "Chest CT and FDG PET-CT of adults with lung cancer from eight hospitals, harmonised to one intensity scale and linked to stage, treatment and survival.",
          "es": "TC de tórax y PET-TC con FDG de adultos con cáncer de pulmón de ocho hospitales, armonizadas a una misma escala de intensidad y vinculadas a estadio, tratamiento y supervivencia."},
    method="cohort longitudinal", type="processed annotated", rights="RESTRICTED", access="IN_SITU_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH ETHICS_APPROVAL_REQUIRED",
    labels=["lung", "nodule"], how="semi manual", segmented=1450, variables="tnm", codes=["ICD-10: C34"], issued="2023-11-20", version="2.1.0", hdab="ESP",
    keywords=["lung cancer", "non-small cell", "harmonised CT"], origin="Extracted from hospital PACS, pseudonymised on site, harmonised and checked twice for quality.", doi="10.5555/demo.chaimeleon.lung",
    notes="Follow-up of 310 more people; tumour outlines for 450 more studies.")
add("chaimeleon-breast-mammography", "chaimeleon", publisher="chaimeleon", tier="3", cancer="breast cancer", modality="MG", maker="hologic ge siemens ims fujifilm",
    body=["breast"], sex="F", people=3875, studies=9120, ages=(31, 88), period=("2011-03-01", "2022-12-31"), countries="ESP ITA FRA",
    title={"en": "CHAIMELEON breast cancer: digital mammography", "es": "CHAIMELEON cáncer de mama: mamografía digital", "it": "CHAIMELEON tumore della mammella: mammografia digitale"},
    text={"en": "Full-field digital mammography of women with proven breast cancer, with receptor status and grade.",
          "es": "Mamografía digital de campo completo de mujeres con cáncer de mama confirmado, con receptores y grado.",
          "it": "Mammografia digitale a campo pieno di donne con tumore della mammella accertato, con recettori e grado."},
    method="cohort disease", type="processed", rights="RESTRICTED", access="IN_SITU_PROCESSING REMOTE_PROCESSING", use="DISEASE_SPECIFIC_RESEARCH NON_COMMERCIAL_USE_ONLY",
    variables="breast", codes=["ICD-10: C50"], issued="2023-11-20", version="2.0.0", hdab="ESP", keywords=["breast cancer", "mammography"],
    origin="Extracted from hospital PACS, pseudonymised on site and harmonised.")
add("chaimeleon-prostate-mri", "chaimeleon", publisher="chaimeleon", tier="3A", cancer="prostate cancer", modality="MR DWI DCE", maker="siemens philips ge",
    body=["prostate", "pelvis"], sex="M", people=2140, studies=2388, ages=(45, 87), period=("2012-02-01", "2023-01-31"), countries="ESP ITA NLD",
    title={"en": "CHAIMELEON prostate cancer: multiparametric MRI", "es": "CHAIMELEON cáncer de próstata: RM multiparamétrica"},
    text={"en": "Multiparametric MRI of men before biopsy, with gland and lesion outlines and biopsy grade.",
          "es": "RM multiparamétrica de varones antes de la biopsia, con contornos de la glándula y las lesiones y grado de la biopsia."},
    method="cohort", type="annotated processed", rights="RESTRICTED", access="IN_SITU_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH",
    labels=["prostate gland", "peripheral zone", "transition zone", "lesion"], how="manual", segmented=2140, variables="prostate", codes=["ICD-10: C61"], issued="2023-11-20", version="2.0.1", hdab="ESP",
    keywords=["prostate cancer", "PI-RADS", "multiparametric MRI"], origin="Extracted from hospital PACS, pseudonymised on site and outlined by two radiologists.", doi="10.5555/demo.chaimeleon.prostate")
add("chaimeleon-rectum-mri", "chaimeleon", publisher="chaimeleon", tier="2A", cancer="rectal cancer", modality="MR DWI", maker="siemens ge",
    body=["rectum", "pelvis"], sex="MF", people=1262, studies=2301, ages=(29, 90), period=("2010-05-01", "2022-10-31"), countries="ITA FRA ESP",
    title={"en": "CHAIMELEON rectal cancer: MRI before and after chemoradiotherapy", "it": "CHAIMELEON tumore del retto: RM prima e dopo chemioradioterapia"},
    text={"en": "Pelvic MRI before and after neoadjuvant treatment with the pathological response of the specimen.",
          "it": "RM della pelvi prima e dopo il trattamento neoadiuvante con la risposta patologica del campione."},
    method="longitudinal", type="annotated", rights="RESTRICTED", access="IN_SITU_PROCESSING", use="DISEASE_SPECIFIC_RESEARCH", labels=["rectum", "mass"], how="manual", segmented=800,
    variables="tnm", codes=["ICD-10: C20"], issued="2024-02-05", version="1.3.0", keywords=["rectal cancer", "treatment response"], origin="Extracted from hospital PACS and pseudonymised on site.")
add("chaimeleon-colon-ct", "chaimeleon", publisher="chaimeleon", tier="2", cancer="colon cancer", modality="CT", maker="siemens toshiba canon philips",
    body=["colon", "abdomen and pelvis"], sex="MF", people=2984, studies=4417, ages=(27, 94), period=("2010-01-01", "2022-12-31"), countries="ESP FRA PRT",
    title={"en": "CHAIMELEON colon cancer: staging CT", "es": "CHAIMELEON cáncer de colon: TC de estadificación", "pt": "CHAIMELEON cancro do cólon: TC de estadiamento"},
    text={"en": "Contrast-enhanced CT of abdomen and pelvis for staging, with site of the tumour, stage and surgery.",
          "es": "TC con contraste de abdomen y pelvis para estadificación, con localización del tumor, estadio y cirugía.",
          "pt": "TC com contraste do abdómen e da pelve para estadiamento, com localização do tumor, estádio e cirurgia."},
    method="patient", type="original", rights="RESTRICTED", access="REMOTE_PROCESSING", use="GENERAL_RESEARCH_USE", variables="tnm", codes=["ICD-10: C18"], issued="2024-02-05", version="1.2.0", hdab="PRT",
    keywords=["colon cancer", "staging"], origin="Extracted from hospital PACS and pseudonymised on site.")

# EuCanImage
add("eucanimage-liver-metastases", "eucanimage", publisher="eucanimage", tier="2C", cancer="liver metastases", modality="CT MR", maker="siemens philips ge canon",
    body=["liver", "abdomen"], sex="MF", people=1530, studies=3962, ages=(30, 89), period=("2008-01-01", "2021-12-31"), countries="ESP NLD LTU SWE",
    title={"en": "EuCanImage liver metastases of colorectal cancer: CT and MRI", "nl": "EuCanImage levermetastasen van darmkanker: CT en MRI"},
    text={"en": "Abdominal CT and MRI before and after systemic treatment of liver metastases, with counts and sizes of lesions.",
          "nl": "CT en MRI van de buik voor en na systemische behandeling van levermetastasen, met aantal en grootte van de laesies."},
    method="longitudinal disease", type="original", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="ETHICS_APPROVAL_REQUIRED COLLABORATION_REQUIRED", variables="tnm", codes=["ICD-10: C78.7"],
    issued="2024-06-14", version="1.1.0", keywords=["liver metastases", "colorectal cancer"], origin="Pseudonymised at each hospital; pathology reports coded by hand.")
add("eucanimage-breast-dce-mri", "eucanimage", publisher="eucanimage", tier="3C", cancer="dcis invasive", modality="MR DCE DWI", maker="siemens ge philips",
    body=["breast", "axilla"], sex="F", people=1508, studies=2996, ages=(24, 79), period=("2010-01-01", "2021-06-30"), countries="ESP POL SWE AUT",
    title={"en": "EuCanImage breast MRI: response to neoadjuvant chemotherapy", "pl": "EuCanImage rezonans piersi: odpowiedź na chemioterapię neoadiuwantową"},
    text={"en": "Dynamic contrast-enhanced breast MRI before and after neoadjuvant chemotherapy with expert tumour outlines and pathological response.",
          "pl": "Dynamiczny rezonans magnetyczny piersi przed chemioterapią neoadiuwantową i po niej, z obrysami guza i odpowiedzią patologiczną."},
    method="cohort longitudinal", type="annotated", rights="RESTRICTED", access="DOWNLOAD IN_SITU_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH PUBLICATION_REQUIRED", labels=["breast", "mass"], how="manual auto", segmented=1506,
    variables="breast", codes=["ICD-10: C50"], issued="2025-01-15", version="2025.01.0", keywords=["breast MRI", "pathological complete response"], origin="Pseudonymised at each hospital; outlines made by sixteen readers.", doi="10.5555/demo.eucanimage.breast")
add("eucanimage-hcc-ct", "eucanimage", publisher="eucanimage", tier="2A", cancer="hcc", modality="CT MR", maker="ge siemens canon",
    body=["liver"], sex="MF", people=642, studies=1718, ages=(38, 86), period=("2011-09-01", "2022-03-31"), countries="ITA ESP ROU",
    title={"en": "EuCanImage hepatocellular carcinoma: multiphase CT and MRI", "it": "EuCanImage epatocarcinoma: TC e RM multifasiche", "ro": "EuCanImage carcinom hepatocelular: CT și RM multifazice"},
    text={"en": "Multiphase liver imaging of people with cirrhosis and hepatocellular carcinoma, with LI-RADS category and outcome.",
          "it": "Imaging multifasico del fegato di persone con cirrosi ed epatocarcinoma, con categoria LI-RADS ed esito.",
          "ro": "Imagistică multifazică a ficatului la persoane cu ciroză și carcinom hepatocelular, cu categoria LI-RADS și evoluția."},
    method="disease", type="annotated original", rights="RESTRICTED", access="REMOTE_PROCESSING", use="DISEASE_SPECIFIC_RESEARCH", labels=["liver", "lesion"], how="semi", segmented=640, variables="tnm",
    codes=["ICD-10: C22.0"], issued="2024-09-30", version="1.0.0", keywords=["hepatocellular carcinoma", "LI-RADS"], origin="Pseudonymised at each hospital.")
add("eucanimage-breast-ultrasound-kaunas", "eucanimage", publisher="kaunas", tier="1A", cancer="breast cancer", modality="US", maker="hitachi toshiba ge",
    body=["breast"], sex="F", people=418, studies=655, ages=(22, 84), period=("2016-01-04", "2022-11-30"), countries="LTU",
    title={"en": "Breast ultrasound with outlines, Kaunas", "lt": "Krūties ultragarsas su kontūrais, Kaunas"},
    text={"en": "B-mode and elastography of breast masses with outlines and biopsy result.", "lt": "Krūties darinių B režimo ir elastografijos vaizdai su kontūrais ir biopsijos rezultatu."},
    method="disease", type="annotated", rights="NON_PUBLIC", access="IN_SITU_PROCESSING", use="ETHICS_APPROVAL_REQUIRED", labels=["mass"], how="manual", segmented=600, codes=["ICD-10: C50"],
    issued="2025-03-10", version="1.0.0", keywords=["ultrasound", "elastography"], origin="Exported from ultrasound scanners; burned-in text removed.", sparse=True)

# INCISIVE
add("incisive-lung-petct", "incisive", publisher="incisive", tier="2", cancer="lung cancer", modality="PTCT CT XR", maker="ge siemens philips",
    body=["lung", "mediastinum"], sex="MF", people=1985, studies=5210, ages=(33, 90), period=("2013-01-01", "2023-12-31"), countries="GRC SRB CYP ESP ITA",
    title={"en": "INCISIVE lung cancer: X-ray, CT and PET-CT over time", "el": "INCISIVE καρκίνος του πνεύμονα: ακτινογραφία, CT και PET-CT στον χρόνο"},
    text={"en": "Images at four fixed points from diagnosis to the end of treatment, with laboratory values and histology.",
          "el": "Εικόνες σε τέσσερα σταθερά χρονικά σημεία από τη διάγνωση έως το τέλος της θεραπείας, με εργαστηριακές τιμές και ιστολογία."},
    method="longitudinal patient", type="original annotated", rights="RESTRICTED", access="IN_SITU_PROCESSING REMOTE_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH", labels=["lung", "lesion"], how="semi", segmented=960, variables="tnm",
    codes=["ICD-10: C34"], issued="2024-03-18", version="1.4.0", keywords=["lung cancer", "time points"], origin="Curated at the hospitals with quality reports for each upload.")
add("incisive-breast-multimodal", "incisive", publisher="incisive", tier="2C", cancer="breast cancer", modality="MG MR US WSI", maker="hologic siemens ge fujifilm 3dhistech",
    body=["breast", "axilla"], sex="F", people=2440, studies=7108, ages=(26, 91), period=("2012-06-01", "2023-12-31"), countries="GRC CYP SRB ITA",
    title={"en": "INCISIVE breast cancer: mammography, MRI, ultrasound and slides", "el": "INCISIVE καρκίνος του μαστού: μαστογραφία, MRI, υπέρηχος και πλακίδια", "sr": "INCISIVE рак дојке: мамографија, МР, ултразвук и препарати"},
    text={"en": "Several kinds of images of the same women, with whole-slide images of the biopsy.",
          "el": "Διαφορετικά είδη εικόνων των ίδιων γυναικών, με ψηφιακά πλακίδια της βιοψίας.",
          "sr": "Различите врсте снимака истих жена, са дигиталним препаратима биопсије."},
    method="patient", type="original", rights="RESTRICTED", access="REMOTE_PROCESSING", use="NOT_FOR_PROFIT_NON_COMMERCIAL_USE_ONLY", variables="breast", codes=["ICD-10: C50"], issued="2024-03-18", version="1.4.0",
    keywords=["breast cancer", "multimodal", "histology"], origin="Curated at the hospitals with quality reports for each upload.")
add("incisive-colorectal-petct", "incisive", publisher="incisive", tier="1C", cancer="colorectal cancer", modality="PTCT CT MR", maker="ge siemens",
    body=["colon and rectum", "chest abdomen pelvis"], sex="MF", people=1120, studies=2906, ages=(31, 92), period=("2013-01-01", "2023-09-30"), countries="GRC SRB ITA",
    title={"en": "INCISIVE colorectal cancer: CT, MRI and PET-CT", "it": "INCISIVE tumore del colon-retto: TC, RM e PET-TC"},
    text={"en": "Staging and follow-up images of people with colorectal cancer, with tumour markers.", "it": "Immagini di stadiazione e follow-up di persone con tumore del colon-retto, con marcatori tumorali."},
    method="patient longitudinal", type="original", rights="RESTRICTED", access="REMOTE_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH", variables="tnm", codes=["ICD-10: C18", "ICD-10: C20"], issued="2024-03-18", version="1.2.0",
    keywords=["colorectal cancer", "PET-CT"], origin="Curated at the hospitals with quality reports for each upload.")
add("incisive-prostate-mri", "incisive", publisher="incisive", tier="1", cancer="prostate cancer", modality="MR SM", maker="philips ge siemens",
    body=["prostate"], sex="M", people=866, studies=1040, ages=(48, 88), period=("2014-01-01", "2023-12-31"), countries="GRC CYP",
    title={"en": "INCISIVE prostate cancer: MRI and slide microscopy", "el": "INCISIVE καρκίνος του προστάτη: MRI και μικροσκοπία πλακιδίων"},
    text={"en": "Prostate MRI with microscopy of the prostatectomy specimen.", "el": "MRI προστάτη με μικροσκοπία του παρασκευάσματος προστατεκτομής."},
    method="patient", type="original", rights="RESTRICTED", access="IN_SITU_PROCESSING", use="DISEASE_SPECIFIC_RESEARCH", codes=["ICD-10: C61"], issued="2024-03-18", version="1.1.0",
    keywords=["prostate cancer", "prostatectomy"], origin="Curated at the hospitals with quality reports for each upload.", sparse=True)

# ProCAncer-I
add("procancer-i-prostatenet", "procancer-i", publisher="procancer", tier="3C", cancer="prostate cancer", modality="MR DWI DCE", maker="siemens ge philips canon",
    body=["prostate", "pelvis"], sex="M", people=14349, studies=15632, ages=(40, 92), period=("2010-01-01", "2023-12-31"), countries="GRC ITA PRT ESP NLD FRA LTU TUR USA GBR",
    title={"en": "ProstateNET: multiparametric MRI of the prostate", "pt": "ProstateNET: RM multiparamétrica da próstata"},
    text={"en": "The largest European collection of prostate MRI: 14,349 men, 105,443 series and 9,114,562 images, each case sorted by clinical scenario.",
          "pt": "A maior coleção europeia de RM da próstata: 14 349 homens, 105 443 séries e 9 114 562 imagens, cada caso ordenado por cenário clínico."},
    method="cohort", type="annotated processed", rights="RESTRICTED", access="IN_SITU_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH COLLABORATION_REQUIRED", labels=["prostate gland", "lesion", "seminal vesicles"], how="semi auto", segmented=3200,
    variables="prostate", codes=["ICD-10: C61"], issued="2024-07-01", version="3.0.0", hdab="PRT", keywords=["prostate cancer", "ProstateNET", "artificial intelligence"],
    origin="Uploaded by thirteen centres, anonymised before upload, mapped to OMOP with imaging extension.", doi="10.5555/demo.prostatenet", notes="Third release: two more centres.")
add("procancer-i-active-surveillance", "procancer-i", publisher="procancer", tier="3A", cancer="prostate cancer", modality="MR", maker="siemens philips",
    body=["prostate"], sex="M", people=1216, studies=4033, ages=(47, 82), period=("2012-01-01", "2023-12-31"), countries="GBR ITA PRT",
    title={"en": "ProCAncer-I active surveillance: serial MRI", "it": "ProCAncer-I sorveglianza attiva: RM seriate"},
    text={"en": "Yearly MRI of men under active surveillance with PSA course and repeat biopsies.", "it": "RM annuali di uomini in sorveglianza attiva con andamento del PSA e biopsie ripetute."},
    method="longitudinal", type="annotated", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="PROJECT_SPECIFIC_RESTRICTION TIME_LIMIT_ON_USE", labels=["prostate gland", "lesion"], how="manual", segmented=1216, variables="prostate",
    codes=["ICD-10: C61"], issued="2024-07-01", version="1.0.2", keywords=["active surveillance", "PSA"], origin="Uploaded by four centres, anonymised before upload.", series="prostate-follow-up")
add("procancer-i-psma-petct", "procancer-i", publisher="leuven", tier="2A", cancer="prostate cancer", modality="PTCT PT", maker="siemens ge uih",
    body=["body", "prostate", "bone"], sex="M", people=587, studies=742, ages=(50, 89), period=("2017-04-01", "2024-05-31"), countries="BEL",
    title={"en": "PSMA PET-CT at biochemical recurrence, Leuven", "nl": "PSMA PET-CT bij biochemisch recidief, Leuven", "fr": "TEP-TDM au PSMA lors d’une récidive biochimique, Louvain"},
    text={"en": "Whole-body PSMA PET-CT of men with rising PSA after prostatectomy, lesions marked.",
          "nl": "PSMA PET-CT van het hele lichaam bij mannen met stijgend PSA na prostatectomie, laesies gemarkeerd.",
          "fr": "TEP-TDM corps entier au PSMA d’hommes dont le PSA monte après prostatectomie, lésions marquées."},
    method="disease", type="annotated", rights="NON_PUBLIC", access="IN_SITU_PROCESSING", use="ETHICS_APPROVAL_REQUIRED", labels=["lesion", "lymph node"], how="semi", segmented=742, variables="prostate", codes=["ICD-10: C61"],
    issued="2025-02-03", version="1.0.0", hdab="BEL", keywords=["PSMA", "PET-CT", "recurrence"], origin="Taken from the clinical archive and pseudonymised.", series="prostate-follow-up")
add("procancer-i-prostate-slides", "procancer-i", publisher="procancer", tier="1A", cancer="prostate cancer", modality="WSI HE", maker="3dhistech",
    body=["prostate gland"], sex="M", people=340, studies=1388, ages=(49, 78), period=("2015-01-01", "2021-12-31"), countries="LTU TUR",
    title={"en": "Prostatectomy slides matched to MRI", "lt": "Prostatektomijos preparatai, susieti su MRT"},
    text={"en": "Digitised sections stained with haematoxylin and eosin, registered to the MRI before surgery.", "lt": "Hematoksilinu ir eozinu dažyti skaitmeniniai pjūviai, susieti su MRT prieš operaciją."},
    method="disease", type="processed annotated", rights="RESTRICTED", access="DOWNLOAD", use="NON_COMMERCIAL_USE_ONLY PUBLICATION_REQUIRED", labels=["lesion"], how="manual", segmented=340, codes=["ICD-10: C61", "ICD-O: 8140/3"],
    issued="2023-05-22", version="1.0.0", keywords=["histology", "whole slide"], origin="Slides scanned at twenty times magnification.", sparse=True)

# PRIMAGE
add("primage-neuroblastoma-mri", "primage", publisher="primage", tier="3A", cancer="nervous system tumour", modality="MR DWI CT", maker="siemens philips ge",
    body=["abdomen", "adrenal"], sex="MF", people=513, studies=1247, ages=(0, 17), period=("2002-01-01", "2021-12-31"), countries="ESP DEU AUT ITA FRA",
    title={"en": "PRIMAGE neuroblastoma: MRI and CT at diagnosis", "de": "PRIMAGE Neuroblastom: MRT und CT bei Diagnose", "es": "PRIMAGE neuroblastoma: RM y TC al diagnóstico"},
    text={"en": "Images of children with neuroblastoma, tumour outlines, MYCN status and risk group.",
          "de": "Bilder von Kindern mit Neuroblastom, Tumorumrisse, MYCN-Status und Risikogruppe.",
          "es": "Imágenes de niños con neuroblastoma, contornos del tumor, estado de MYCN y grupo de riesgo."},
    method="cohort disease", type="annotated processed", rights="NON_PUBLIC", access="IN_SITU_PROCESSING", use="DISEASE_SPECIFIC_RESEARCH ETHICS_APPROVAL_REQUIRED", labels=["mass"], how="semi auto", segmented=513, variables="basic", codes=["ICD-O: 9500/3"],
    issued="2022-10-11", version="1.5.0", hdab="ESP", keywords=["neuroblastoma", "paediatric oncology", "rare cancer"], origin="Collected from two European trials and hospital archives, pseudonymised centrally.", doi="10.5555/demo.primage.nb")
add("primage-neuroblastoma-mibg", "primage", publisher="primage", tier="1C", cancer="nervous system tumour", modality="SCINT SPECT SPECTCT", maker="mediso siemens ge",
    body=["body"], sex="MF", people=187, studies=402, ages=(0, 15), period=("2005-01-01", "2020-12-31"), countries="DEU AUT ITA",
    title={"en": "PRIMAGE neuroblastoma: MIBG scintigraphy and SPECT", "de": "PRIMAGE Neuroblastom: MIBG-Szintigraphie und SPECT"},
    text={"en": "Whole-body MIBG scintigraphy with SPECT, Curie and SIOPEN scores.", "de": "MIBG-Ganzkörperszintigraphie mit SPECT, Curie- und SIOPEN-Score."},
    method="disease", type="original", rights="NON_PUBLIC", access="IN_SITU_PROCESSING", use="DISEASE_SPECIFIC_RESEARCH", variables="basic", codes=["ICD-O: 9500/3"], issued="2022-10-11", version="1.0.0", hdab="DEU",
    keywords=["MIBG", "neuroblastoma"], origin="Collected from hospital archives, pseudonymised centrally.")
add("primage-dipg-mri", "primage", publisher="primage", tier="2C", cancer="dipg", modality="MR MRS PERF", maker="siemens philips",
    body=["brain", "brain stem"], sex="MF", people=98, studies=311, ages=(2, 16), period=("2004-01-01", "2021-12-31"), countries="ESP DEU FRA",
    title={"en": "PRIMAGE diffuse intrinsic pontine glioma: MRI, spectroscopy and perfusion", "fr": "PRIMAGE gliome infiltrant du tronc cérébral : IRM, spectroscopie et perfusion"},
    text={"en": "MRI of children with diffuse intrinsic pontine glioma from diagnosis to progression.", "fr": "IRM d’enfants atteints d’un gliome infiltrant du tronc cérébral, du diagnostic à la progression."},
    method="longitudinal", type="original", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="DISEASE_SPECIFIC_RESEARCH USER_SPECIFIC_RESTRICTION", variables="basic", codes=["ICD-10: C71.7"], issued="2022-10-11", version="1.1.0", hdab="FRA",
    keywords=["DIPG", "brain stem", "paediatric oncology"], origin="Collected from a European registry, pseudonymised centrally.")

# Public archives
add("public-lidc-idri", "public-archives", publisher="archive", tier="2A", cancer="lung cancer", modality="CT CR DX", maker="ge siemens philips toshiba",
    body=["lung", "chest"], sex="MF", people=1010, studies=1308, ages=(14, 88), period=("2000-01-01", "2009-12-31"), countries="USA",
    title={"en": "LIDC-IDRI: lung nodules read by four radiologists"}, text={"en": "Thoracic CT of 1,010 people with nodules marked in two rounds by four radiologists."},
    method="disease only-image", type="annotated original", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", labels=["nodule", "lung"], how="manual", segmented=1010, codes=["ICD-10: C34"], issued="2011-06-27", version="4.0.0",
    keywords=["lung nodule", "screening", "reader study"], licence="CC_BY_3_0", origin="Mirrored from a public archive; de-identified by the archive.", doi="10.7937/K9/TCIA.2015.LO9QL9SX", frequency="NEVER")
add("public-nsclc-radiomics", "public-archives", publisher="archive", tier="2A", cancer="nsclc", modality="CT", maker="siemens",
    body=["lung", "mediastinum"], sex="MF", people=422, studies=422, ages=(33, 91), period=("2004-01-01", "2012-12-31"), countries="NLD",
    title={"en": "NSCLC-Radiomics: CT before radiotherapy", "nl": "NSCLC-Radiomics: CT vóór radiotherapie"},
    text={"en": "CT of 422 people with non-small cell lung cancer before radiotherapy, gross tumour outlined by hand.", "nl": "CT van 422 mensen met niet-kleincellig longkanker vóór radiotherapie, tumor met de hand ingetekend."},
    method="cohort", type="annotated", rights="PUBLIC", access="DOWNLOAD", use="NON_COMMERCIAL_USE_ONLY", labels=["lung", "mass", "heart"], how="manual", segmented=422, variables="tnm", codes=["ICD-10: C34"], issued="2014-07-02", version="4.0.0",
    keywords=["radiomics", "radiotherapy"], licence="CC_BYNC_3_0", origin="Mirrored from a public archive; de-identified by the archive.", doi="10.7937/K9/TCIA.2015.PF0M9REI", frequency="NEVER")
add("public-duke-breast-mri", "public-archives", publisher="archive", tier="2C", cancer="dcis invasive", modality="MR DCE", maker="ge siemens",
    body=["breast"], sex="F", people=922, studies=922, ages=(22, 90), period=("2000-01-01", "2014-03-31"), countries="USA",
    title={"en": "Duke breast cancer MRI with clinical and genomic variables"}, text={"en": "Preoperative dynamic MRI of 922 women with biopsy-proven invasive breast cancer, with boxes around the tumour."},
    method="cohort", type="annotated", rights="PUBLIC", access="DOWNLOAD", use="NON_COMMERCIAL_USE_ONLY", labels=["breast"], how="semi", segmented=922, variables="breast", codes=["ICD-10: C50"], issued="2021-10-27", version="2.0.0",
    keywords=["breast MRI", "radiogenomics"], licence="CC_BYNC_4_0", origin="Mirrored from a public archive; de-identified by the archive.", doi="10.7937/TCIA.e3sv-re93", frequency="NEVER")
add("public-prostatex", "public-archives", publisher="archive", tier="1A", cancer="prostate cancer", modality="MR DWI DCE", maker="siemens",
    body=["prostate"], sex="M", people=346, studies=349, ages=(37, 78), period=("2011-10-01", "2012-12-31"), countries="NLD",
    title={"en": "PROSTATEx: challenge set of prostate MRI"}, text={"en": "Multiparametric MRI of 346 men with findings and their clinical significance."},
    method="only-image", type="annotated", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", labels=["lesion", "peripheral zone"], how="manual", segmented=346, codes=["ICD-10: C61"], issued="2017-05-12", version="2.0.0",
    keywords=["challenge", "PI-RADS"], licence="CC_BY_3_0", origin="Mirrored from a public archive; de-identified by the archive.", doi="10.7937/K9TCIA.2017.MURS5CL", frequency="NEVER")
add("public-hcc-tace", "public-archives", publisher="archive", tier="2A", cancer="hcc", modality="CT", maker="siemens ge",
    body=["liver", "abdomen"], sex="MF", people=105, studies=224, ages=(37, 92), period=("2002-01-01", "2012-12-31"), countries="USA",
    title={"en": "Liver CT around chemoembolisation of hepatocellular carcinoma"}, text={"en": "Multiphase CT before and after transarterial chemoembolisation with outlines of liver, tumour and vessels."},
    method="longitudinal", type="annotated", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", labels=["liver", "mass"], how="semi", segmented=105, variables="tnm", codes=["ICD-10: C22.0"], issued="2021-08-31", version="1.0.0",
    keywords=["chemoembolisation", "segmentation"], licence="CC_BY_4_0", origin="Mirrored from a public archive; de-identified by the archive.", frequency="NEVER")
add("public-pancreas-portal-ct", "public-archives", publisher="archive", tier="1A", cancer="pancreatic cancer", modality="CT", maker="ge",
    body=["pancreas"], sex="MF", people=420, studies=420, ages=(24, 87), period=("2007-01-01", "2016-12-31"), countries="USA",
    title={"en": "Pancreatic masses on portal venous CT"}, text={"en": "Portal venous CT of people who had a pancreatic mass removed, with outlines of pancreas and mass."},
    method="only-image", type="annotated processed", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", labels=["pancreas", "mass"], how="semi", segmented=282, codes=["ICD-10: C25"], issued="2018-06-01", version="1.0.0",
    keywords=["pancreas", "challenge"], licence="CC_BYSA_4_0", origin="Mirrored from a public challenge; converted to NIfTI by its organisers.", frequency="NEVER", sparse=True)
add("public-kidney-kits", "public-archives", publisher="archive", tier="2A", cancer="kidney cancer", modality="CT", maker="siemens ge toshiba philips",
    body=["kidney", "abdomen"], sex="MF", people=300, studies=300, ages=(1, 90), period=("2010-01-01", "2018-06-30"), countries="USA",
    title={"en": "Kidney tumours before nephrectomy: late arterial CT"}, text={"en": "CT of 300 people before partial or radical nephrectomy with outlines of kidney and tumour and surgical outcome."},
    method="cohort", type="annotated", rights="PUBLIC", access="DOWNLOAD", use="NOT_FOR_PROFIT_NON_COMMERCIAL_USE_ONLY", labels=["kidney", "mass"], how="manual", segmented=210, variables="tnm", codes=["ICD-10: C64"], issued="2019-03-15", version="1.1.0",
    keywords=["kidney tumour", "challenge"], licence="CC_BYNCSA_4_0", origin="Mirrored from a public challenge.", frequency="NEVER")
add("public-ovary-ct", "public-archives", publisher="archive", tier="1C", cancer="ovarian cancer", modality="CT MR", maker="ge siemens",
    body=["ovary", "abdomen and pelvis"], sex="F", people=143, studies=256, ages=(30, 87), period=("1996-01-01", "2013-12-31"), countries="USA",
    title={"en": "High-grade serous ovarian cancer: images linked to genomic data"}, text={"en": "CT and some MRI of women of a genomic atlas; subject codes lead to expression and mutation data."},
    method="patient", type="original", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", variables="basic", codes=["ICD-10: C56"], issued="2016-01-05", version="3.0.0",
    keywords=["ovarian cancer", "genomics"], licence="CC_BY_3_0", origin="Mirrored from a public archive; de-identified by the archive.", frequency="NEVER")
add("public-thyroid-slides", "public-archives", publisher="archive", tier="1", cancer="thyroid cancer", modality="SM HE", maker="3dhistech",
    body=["thyroid"], sex="MF", people=507, studies=1158, ages=(15, 89), period=("2008-01-01", "2013-12-31"), countries="USA",
    title={"en": "Papillary thyroid carcinoma: digitised slides"}, text={"en": "Diagnostic slides of papillary thyroid carcinoma at forty times magnification."},
    method="only-image", type="original", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", codes=["ICD-10: C73"], issued="2014-10-23", version="1.0.0",
    keywords=["thyroid", "slide microscopy"], licence="CC_BY_4_0", origin="Mirrored from a public archive; de-identified by the archive.", frequency="NEVER")
add("public-sarcoma-pet-mr", "public-archives", publisher="archive", tier="1A", cancer="soft tissue sarcoma", modality="PTCT MR", maker="ge",
    body=["soft tissue", "extremity"], sex="MF", people=51, studies=102, ages=(16, 83), period=("2004-11-01", "2011-11-30"), countries="CAN",
    title={"en": "Soft-tissue sarcoma of the extremities: FDG PET-CT and MRI"}, text={"en": "Images of 51 people before treatment with outlines and lung metastases as outcome."},
    method="cohort", type="annotated", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", labels=["mass"], how="manual", segmented=51, codes=["ICD-10: C49"], issued="2015-12-01", version="1.0.0",
    keywords=["sarcoma", "radiomics"], licence="CC_BY_3_0", origin="Mirrored from a public archive; de-identified by the archive.", doi="10.7937/K9/TCIA.2015.7GO2GSKS", frequency="NEVER")
add("public-lymphoma-fdg", "public-archives", publisher="archive", tier="2", cancer="lymphoma", modality="PTCT", maker="siemens",
    body=["body", "lymph node"], sex="MF", people=145, studies=168, ages=(18, 85), period=("2014-01-01", "2018-12-31"), countries="DEU",
    title={"en": "Lymphoma on whole-body FDG PET-CT", "de": "Lymphome in der FDG-Ganzkörper-PET-CT"},
    text={"en": "Whole-body FDG PET-CT of people with lymphoma with every lesion outlined in three dimensions.", "de": "FDG-Ganzkörper-PET-CT von Menschen mit Lymphom, jede Läsion dreidimensional umrissen."},
    method="disease", type="annotated", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", labels=["lesion"], how="manual", segmented=145, codes=["ICD-10: C81-C85"], issued="2022-06-02", version="1.0.0",
    keywords=["lymphoma", "PET-CT"], licence="CC_BY_4_0", origin="Mirrored from a public archive; de-identified by the archive.", doi="10.7937/gkr0-xv29", frequency="NEVER")

# Neuro-oncology archive
add("neuro-glioblastoma-mri", "neuro-archive", publisher="neuro", tier="3", cancer="glioblastoma", modality="MR DWI PERF DTI", maker="siemens ge philips",
    body=["brain"], sex="MF", people=630, studies=671, ages=(18, 89), period=("2006-01-01", "2020-12-31"), countries="USA DEU",
    title={"en": "Glioblastoma before surgery: structural, diffusion and perfusion MRI"}, text={"en": "Preoperative MRI in the BIDS layout with outlines of enhancing tumour, necrosis and oedema."},
    method="cohort", type="annotated processed", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", labels=["brain", "lesion"], how="auto manual", segmented=611, variables="tnm", codes=["ICD-10: C71", "ICD-O: 9440/3"], issued="2021-12-20", version="2.0.0",
    keywords=["glioblastoma", "BIDS"], licence="CC_BY_4_0", origin="Face features removed; resampled to one space.")
add("neuro-glioma-fmri", "neuro-archive", publisher="neuro", tier="1", cancer="brain glioma", modality="FMRI MR DTI", maker="siemens",
    body=["brain"], sex="MF", people=25, studies=50, ages=(21, 71), period=("2016-02-01", "2018-11-30"), countries="GBR BEL",
    title={"en": "Language and motor mapping before glioma surgery: functional MRI"}, text={"en": "Task and resting-state functional MRI of 25 people before awake surgery."},
    method="case-control", type="original", rights="PUBLIC", access="DOWNLOAD", use="NO_RESTRICTION", codes=["ICD-10: C71"], issued="2019-09-09", version="1.0.1", keywords=["functional MRI", "surgery planning", "BIDS"], licence="CC0",
    origin="Face features removed; checked with the BIDS validator.")
add("neuro-meningioma-mri", "neuro-archive", publisher="neuro", tier="2A", cancer="meningioma", modality="MR", maker="ge siemens philips hitachi",
    body=["meninges", "brain"], sex="MF", people=1424, studies=1650, ages=(19, 93), period=("2003-01-01", "2022-12-31"), countries="USA SVN",
    title={"en": "Meningioma: multicentre MRI with expert outlines", "sl": "Meningeom: večcentrične MR-slike z obrisi strokovnjakov"},
    text={"en": "MRI before treatment with grade and outlines approved by neuroradiologists.", "sl": "MR-slike pred zdravljenjem z gradusom in obrisi, ki so jih potrdili nevroradiologi."},
    method="disease", type="annotated", rights="RESTRICTED", access="DOWNLOAD", use="NON_COMMERCIAL_USE_ONLY", labels=["meninges", "mass"], how="semi manual", segmented=1424, codes=["ICD-10: C70"], issued="2023-08-08", version="1.0.0",
    keywords=["meningioma", "challenge"], licence="CC_BYNC_4_0", origin="Skull-stripped; resampled to one space.")

# Hospital biobanks
add("biobank-helsinki-bladder", "hospital-biobanks", publisher="helsinki", tier="2C", cancer="bladder cancer", modality="CT DECT", maker="siemens ge",
    body=["bladder", "abdomen and pelvis"], sex="MF", people=911, studies=2244, ages=(38, 93), period=("2010-01-01", "2024-12-31"), countries="FIN",
    title={"en": "Bladder cancer: CT urography linked to biobank samples", "fi": "Virtsarakkosyöpä: TT-urografia ja biopankkinäytteet"},
    text={"en": "CT urography of people who gave samples to a hospital biobank, with stage and treatment.", "fi": "Sairaalan biopankkiin näytteen antaneiden TT-urografiat, levinneisyys ja hoito."},
    method="patient", type="original", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="ETHICS_APPROVAL_REQUIRED GEOGRAPHICAL_RESTRICTION", variables="tnm", codes=["ICD-10: C67"], issued="2025-05-05", version="2025.5.0", hdab="FIN",
    keywords=["bladder cancer", "urography", "biobank"], origin="Taken from the clinical archive under a data permit.", category="EINS")
add("biobank-gdansk-stomach", "hospital-biobanks", publisher="gdansk", tier="1", cancer="stomach cancer", modality="CT", maker="ge philips",
    body=["stomach", "abdomen"], sex="MF", people=402, studies=866, ages=(29, 90), period=("2012-01-01", "2023-12-31"), countries="POL",
    title={"en": "Stomach cancer: staging CT", "pl": "Rak żołądka: tomografia w ocenie zaawansowania"}, text={"en": "CT before surgery with pathological stage.", "pl": "Tomografia przed operacją ze stopniem zaawansowania patologicznego."},
    method="patient", type="original", rights="NON_PUBLIC", access="IN_SITU_PROCESSING", use="INSTITUTION_SPECIFIC_RESTRICTION", codes=["ICD-10: C16"], issued="2025-06-20", version="1.0.0", keywords=["stomach cancer", "biobank"],
    origin="Taken from the clinical archive and pseudonymised.", category="EINS")
add("biobank-rotterdam-oesophagus", "hospital-biobanks", publisher="rotterdam", tier="2", cancer="oesophageal cancer", modality="PTCT CT PCCT", maker="siemens philips",
    body=["esophagus", "chest"], sex="MF", people=538, studies=1490, ages=(36, 88), period=("2009-06-01", "2024-06-30"), countries="NLD",
    title={"en": "Oesophageal cancer: PET-CT and photon-counting CT", "nl": "Slokdarmkanker: PET-CT en fotontellende CT"},
    text={"en": "Images before and after chemoradiotherapy; since 2022 with photon-counting CT.", "nl": "Beelden voor en na chemoradiatie; sinds 2022 met fotontellende CT."},
    method="longitudinal", type="original", rights="RESTRICTED", access="IN_SITU_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH", variables="tnm", codes=["ICD-10: C15"], issued="2025-04-01", version="1.2.0",
    keywords=["oesophageal cancer", "photon-counting CT"], origin="Taken from the research archive and pseudonymised.")
add("biobank-uppsala-cervix", "hospital-biobanks", publisher="uppsala", tier="2A", cancer="cervical cancer", modality="MR DWI PTMR", maker="siemens ge",
    body=["cervix", "pelvis"], sex="F", people=287, studies=640, ages=(23, 86), period=("2013-01-01", "2023-12-31"), countries="SWE",
    title={"en": "Cervical cancer: MRI and PET-MR around chemoradiotherapy", "sv": "Livmoderhalscancer: MR och PET-MR kring kemoradioterapi"},
    text={"en": "Pelvic MRI and PET-MR with tumour outlines used for planning.", "sv": "MR och PET-MR av bäckenet med tumörkonturer från dosplaneringen."},
    method="longitudinal disease", type="annotated", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="ETHICS_APPROVAL_REQUIRED", labels=["cervix", "mass"], how="manual", segmented=287, variables="tnm", codes=["ICD-10: C53"], issued="2025-01-30", version="1.0.0", hdab="SWE",
    keywords=["cervical cancer", "PET-MR"], origin="Taken from the treatment planning system and pseudonymised.")
add("biobank-bergen-endometrium", "hospital-biobanks", publisher="bergen", tier="2C", cancer="uterine cancer", modality="MR US PTCT", maker="siemens ge",
    body=["uterus", "pelvis"], sex="F", people=752, studies=1615, ages=(28, 91), period=("2009-04-01", "2023-12-31"), countries="NOR",
    title={"en": "Endometrial cancer: MRI, ultrasound and PET-CT before surgery", "nb": "Livmorkreft: MR, ultralyd og PET-CT før kirurgi"},
    text={"en": "Images before surgery linked to molecular class and recurrence.", "nb": "Bilder før kirurgi koblet til molekylær klasse og tilbakefall."},
    method="cohort", type="original", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="COLLABORATION_REQUIRED ETHICS_APPROVAL_REQUIRED", variables="tnm", codes=["ICD-10: C54"], issued="2024-12-12", version="1.1.0",
    keywords=["endometrial cancer", "molecular class"], origin="Collected prospectively with consent.", category="EINS")
add("biobank-heidelberg-head-neck", "hospital-biobanks", publisher="heidelberg", tier="3A", cancer="head and neck cancer", modality="CT MR PTCT", maker="siemens philips",
    body=["head and neck", "neck", "lymph node"], sex="MF", people=1033, studies=3870, ages=(25, 89), period=("2011-01-01", "2024-03-31"), countries="DEU",
    title={"en": "Head and neck cancer: planning CT with organs at risk", "de": "Kopf-Hals-Tumoren: Planungs-CT mit Risikoorganen"},
    text={"en": "Planning CT, MRI and PET-CT with tumour volumes and organs at risk as DICOM RT structures.", "de": "Planungs-CT, MRT und PET-CT mit Tumorvolumen und Risikoorganen als DICOM-RT-Strukturen."},
    method="patient longitudinal", type="annotated original", rights="RESTRICTED", access="IN_SITU_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH", labels=["lymph node", "mass"], how="manual", segmented=1033, variables="tnm",
    codes=["ICD-10: C00-C14", "ICD-10: C32"], issued="2024-10-21", version="2.2.0", hdab="DEU", keywords=["head and neck", "radiotherapy", "organs at risk"], origin="Taken from the treatment planning system and pseudonymised.")
add("biobank-brno-thyroid", "hospital-biobanks", publisher="brno", tier="1A", cancer="thyroid cancer", modality="US SCINT", maker="esaote toshiba mediso",
    body=["thyroid", "neck"], sex="MF", people=274, studies=519, ages=(17, 82), period=("2015-01-01", "2023-12-31"), countries="CZE",
    title={"en": "Thyroid nodules: ultrasound and scintigraphy", "cs": "Uzly štítné žlázy: ultrazvuk a scintigrafie"}, text={"en": "Ultrasound of thyroid nodules with outlines and cytology.", "cs": "Ultrazvuk uzlů štítné žlázy s obrysy a cytologií."},
    method="case-control", type="annotated", rights="NON_PUBLIC", access="IN_SITU_PROCESSING", use="RESEARCH_SPECIFIC_RESTRICTIONS", labels=["nodule", "thyroid"], how="manual", segmented=274, codes=["ICD-10: C73"], issued="2025-07-07", version="1.0.0",
    keywords=["thyroid nodule", "ultrasound"], origin="Exported from ultrasound scanners; burned-in text removed.")
add("biobank-vienna-bone", "hospital-biobanks", publisher="vienna", tier="1C", cancer="bone cancer", modality="XR CR MR", maker="agfa siemens philips shimadzu",
    body=["femur", "knee", "extremity"], sex="MF", people=356, studies=1904, ages=(6, 79), period=("1998-01-01", "2023-12-31"), countries="AUT",
    title={"en": "Primary bone tumours: radiographs and MRI from a registry", "de": "Primäre Knochentumoren: Röntgen und MRT aus einem Register"},
    text={"en": "Radiographs and MRI of people of a tumour registry, with histology and function after surgery.", "de": "Röntgenbilder und MRT von Personen eines Tumorregisters, mit Histologie und Funktion nach der Operation."},
    method="longitudinal", type="original", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="ETHICS_APPROVAL_REQUIRED PUBLICATION_MORATORIUM", variables="basic", codes=["ICD-10: C40", "ICD-10: C41"], issued="2024-11-11", version="1.0.0",
    keywords=["osteosarcoma", "registry"], origin="Films digitised, digital images taken from the archive, all pseudonymised.", category="MRMR")
add("biobank-budapest-gallbladder", "hospital-biobanks", publisher="budapest", tier="1", cancer="gallbladder cancer", modality="US CT", maker="hitachi philips",
    body=["gallbladder", "liver"], sex="MF", people=64, studies=151, ages=(41, 88), period=("2011-01-01", "2023-12-31"), countries="HUN",
    title={"en": "Gallbladder cancer: ultrasound and CT", "hu": "Epehólyagrák: ultrahang és CT"}, text={"en": "A small collection of a rare cancer with surgical findings.", "hu": "Ritka daganat kis gyűjteménye sebészi leletekkel."},
    method="disease", type="original", rights="NON_PUBLIC", access="IN_SITU_PROCESSING", use="USER_SPECIFIC_RESTRICTION", codes=["ICD-10: C23"], issued="2025-08-18", version="0.9.0", keywords=["rare cancer", "gallbladder"],
    origin="Taken from the clinical archive and pseudonymised.", sparse=True)
add("biobank-leuven-unknown-primary", "hospital-biobanks", publisher="leuven", tier="1", cancer="unknown primary", modality="PTCT", maker="siemens ge",
    body=["body"], sex="MF", people=212, studies=240, ages=(30, 90), period=("2014-01-01", "2024-06-30"), countries="BEL",
    title={"en": "Cancer of unknown primary: whole-body FDG PET-CT", "nl": "Kanker met onbekende primaire tumor: FDG PET-CT", "fr": "Cancer de site primitif inconnu : TEP-TDM au FDG"},
    text={"en": "PET-CT of people with metastases whose origin was not known at the time.", "nl": "PET-CT van mensen met metastasen waarvan de oorsprong toen niet bekend was.", "fr": "TEP-TDM de personnes ayant des métastases d’origine alors inconnue."},
    method="disease", type="original", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="ETHICS_APPROVAL_REQUIRED", variables="basic", codes=["ICD-10: C80"], issued="2025-02-03", version="1.0.0", hdab="BEL",
    keywords=["unknown primary", "PET-CT"], origin="Taken from the clinical archive and pseudonymised.")
add("biobank-ljubljana-pancreas", "hospital-biobanks", publisher="ljubljana", tier="2", cancer="pancreatic cancer", modality="CT MR XA", maker="siemens canon",
    body=["pancreas", "abdomen"], sex="MF", people=489, studies=1122, ages=(35, 91), period=("2013-01-01", "2024-12-31"), countries="SVN",
    title={"en": "Pancreatic cancer: imaging of a population-based registry", "sl": "Rak trebušne slinavke: slike populacijskega registra"},
    text={"en": "CT, MRI and ERCP images of all cases of a registry over twelve years.", "sl": "CT, MR in ERCP slike vseh primerov registra v dvanajstih letih."},
    method="cohort", type="original", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH", variables="tnm", codes=["ICD-10: C25"], issued="2025-09-01", version="2025.09.1", keywords=["pancreatic cancer", "cancer registry"],
    origin="Linked from the cancer registry to the hospital archives under a legal mandate.", category="MRMR")

# Screening programmes
add("screening-copenhagen-mammography", "screening", publisher="copenhagen", tier="2", cancer="breast cancer", modality="MG", maker="siemens hologic",
    body=["breast"], sex="F", people=60000, studies=171450, ages=(50, 69), period=("2014-01-01", "2022-12-31"), countries="DNK",
    title={"en": "Breast cancer screening: 60,000 women over four rounds", "da": "Brystkræftscreening: 60.000 kvinder over fire runder"},
    text={"en": "All screening mammograms of four rounds with recall, outcome and interval cancers.", "da": "Alle screeningsmammografier fra fire runder med genindkaldelse, udfald og intervalkræft."},
    method="cohort longitudinal", type="original", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="GEOGRAPHICAL_RESTRICTION ETHICS_APPROVAL_REQUIRED", variables="breast", codes=["ICD-10: C50", "ICD-10: Z12.3"], issued="2024-05-27", version="2024.05.0", hdab="DNK",
    keywords=["screening", "mammography", "interval cancer"], origin="Linked from the screening programme to the cancer registry.", category="PHDR", frequency="ANNUAL")
add("screening-zagreb-low-dose-ct", "screening", publisher="zagreb", tier="2C", cancer="lung cancer", modality="LDCT", maker="siemens ge canon uih",
    body=["lung", "chest"], sex="MF", people=12480, studies=19205, ages=(50, 75), period=("2020-10-01", "2024-12-31"), countries="HRV",
    title={"en": "Lung cancer screening: low-dose CT of a national programme", "hr": "Probir raka pluća: niskodozni CT nacionalnog programa"},
    text={"en": "Low-dose CT of current and former smokers with nodule reports and follow-up.", "hr": "Niskodozni CT sadašnjih i bivših pušača s nalazima nodula i praćenjem."},
    method="cohort", type="original", rights="NON_PUBLIC", access="REMOTE_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH", variables="basic", codes=["ICD-10: C34", "ICD-10: Z12.2"], issued="2025-10-13", version="1.0.0", hdab="HRV",
    keywords=["screening", "low-dose CT", "lung nodule"], origin="Exported from the national screening system.", category="PHDR", frequency="ANNUAL")
add("screening-dublin-assessment", "screening", publisher="dublin", tier="3A", cancer="breast cancer", modality="MG US DX", maker="hologic ge",
    body=["breast", "axilla"], sex="F", people=2950, studies=8211, ages=(45, 70), period=("2015-01-01", "2023-06-30"), countries="IRL",
    title={"en": "Recalled from screening: assessment mammography, tomosynthesis and ultrasound"}, text={"en": "All images of the assessment visit of recalled women, with biopsy result and outlines of every finding."},
    method="case-control", type="annotated", rights="RESTRICTED", access="IN_SITU_PROCESSING", use="HEALTH_MEDICAL_BIOMEDICAL_RESEARCH RETURN_TO_DATABASE_OR_RESOURCE", labels=["breast", "mass"], how="manual", segmented=2950, variables="breast", codes=["ICD-10: C50"],
    issued="2024-08-19", version="1.3.1", hdab="IRL", keywords=["screening", "assessment", "tomosynthesis"], origin="Taken from the programme's archive and pseudonymised.", category="PHDR")
